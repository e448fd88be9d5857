import type { OutboxRow } from '../../src/messaging/outbox/outbox-row.js';
import type { Machine } from './machine.js';
import type { MemoryDatabase } from './memory-database.js';
import type { Naivety } from './naive.js';

const COLUMNS = [
  'seq',
  'eventId',
  'name',
  'version',
  'topic',
  'key',
  'sequence',
  'payload',
  'headers',
  'announcedAt',
] as const satisfies (keyof OutboxRow)[];

/** In place of the relay's session with PostgreSQL: its lock, and its two statements. */
export class RelaySession {
  private static readonly claims = new WeakMap<MemoryDatabase, Map<string, RelaySession>>();
  private alive = true;
  private leave: () => void = () => undefined;

  private constructor(
    private readonly machine: Machine,
    private readonly db: MemoryDatabase,
    private readonly naive?: Naivety,
  ) {}

  /** `alone` is false where two may lead at once: what must only repeat records. */
  static acquire(
    machine: Machine,
    db: MemoryDatabase,
    leaders: Set<object>,
    alone: boolean,
    woken: () => void,
    naive?: Naivety,
  ): Promise<RelaySession | undefined> {
    return machine.ask(() => {
      const session = new RelaySession(machine, db, naive);
      if (alone && leaders.size > 0) return undefined;
      session.leave = db.connect(machine, () => {
        leaders.delete(session);
        session.alive = false;
        woken();
      });
      if (session.alive) leaders.add(session);
      return session;
    });
  }

  get holds(): boolean {
    return this.alive;
  }

  rows(name: string, _text: string, [deleted, inFlight = [], held = []]: string[][]): Promise<string[][]> {
    return this.machine.ask(() => {
      if (!this.alive) throw new Error('The connection to PostgreSQL was lost.');
      for (const seq of deleted!) this.db.rows.delete(`outbox/${seq}`);
      return name === 'read' ? this.read(new Set(inFlight), held) : [];
    });
  }

  isAwaited(): Promise<boolean> {
    return Promise.resolve(false);
  }

  end(): Promise<void> {
    this.leave();
    return Promise.resolve();
  }

  private read(inFlight: ReadonlySet<string>, held: readonly string[]): string[][] {
    const claimed = RelaySession.claims.get(this.db) ?? new Map<string, RelaySession>();
    RelaySession.claims.set(this.db, claimed);
    const shares = this.naive === 'shares the outbox among several relays';
    const rows = this.db
      .all<OutboxRow>('outbox/')
      .map(([, row]) => row)
      .filter(({ seq, topic }) => !inFlight.has(seq) && !held.includes(topic) && !(shares && claimed.get(seq)?.alive))
      .sort((a, b) => Number(a.seq) - Number(b.seq))
      // What one relay takes is skipped by the other, as FOR UPDATE SKIP LOCKED would do it.
      .slice(0, shares ? 1 : undefined);
    for (const { seq } of rows) {
      if (shares) claimed.set(seq, this);
      if (this.naive === 'deletes a row before it is published') this.db.rows.delete(`outbox/${seq}`);
    }
    return rows.map((row) => COLUMNS.map((column) => row[column]));
  }
}
