import type { EntityManager } from 'typeorm';
import type { Tx } from '../../src/messaging/effects.js';
import { laneOf, type Inbox, type LookUp } from '../../src/messaging/inbox/inbox.js';
import type { DeliveryRunner } from '../../src/messaging/inbox/delivery-runner.js';
import { describe as describeError, pauseAfter } from '../../src/messaging/parking/due.js';
import type { Lane, Parking } from '../../src/messaging/parking/parking.js';
import type { Patience } from '../../src/messaging/patience.js';
import type { Arrival } from '../../src/messaging/record.js';
import type { Transactions } from '../../src/messaging/transactions.js';
import type { Public } from './public.js';
import { memoryTx, type MemoryDatabase } from './memory-database.js';
import type { Naivety } from './naive.js';

const RETRY_FOR_MS = 86_400_000;
const LEASE_MS = 30_000;
const POLL_MS = 5000;
const BEGINNING_OF_TIME = -8.64e15;

/** The manager that the memory database hands out asks with a function instead of SQL. */
const ask = <T>(db: EntityManager, read: () => T): Promise<T> =>
  (db as unknown as { ask(read: () => T): Promise<T> }).ask(read);

/** A lane as it is kept. */
export interface KeptLane {
  dueAt: number;
  leaseUntil: number;
  attempts: number;
  firstFailedAt: number;
  error: string;
  rows: { id: string; arrival: Arrival }[];
}

export class MemoryInbox implements Public<Inbox> {
  constructor(
    private readonly subscriber: string,
    private readonly db: MemoryDatabase,
    private readonly naive?: Naivety,
  ) {}

  async mark(tx: Tx, eventId: string): Promise<boolean> {
    if (this.naive === 'has no inbox') return true;
    if (this.naive === 'marks a delivery outside of its effect') {
      const fresh = !this.has(eventId);
      this.db.rows.set(this.key(eventId), true);
      return fresh;
    }
    return memoryTx(tx).insertOnce(this.key(eventId), true);
  }

  async markAll(tx: Tx, eventIds: readonly string[]): Promise<Set<string>> {
    const fresh = new Set<string>();
    for (const id of eventIds) if (await this.mark(tx, id)) fresh.add(id);
    return fresh;
  }

  isMarked(db: EntityManager, eventId: string): Promise<boolean> {
    return ask(db, () => this.has(eventId));
  }

  lookUp(db: EntityManager, arrivals: readonly Arrival[]): Promise<LookUp> {
    return ask(db, () => ({
      done: new Set(arrivals.map(({ eventId }) => eventId).filter((id) => this.has(id))),
      parkedLanes: new Set(arrivals.map(laneOf).filter((lane) => this.db.get(`lane/${this.subscriber}/${lane}`))),
      horizon: new Date(BEGINNING_OF_TIME),
    }));
  }

  has(eventId: string): boolean {
    return this.naive !== 'has no inbox' && this.db.get(this.key(eventId)) !== undefined;
  }

  private key(eventId: string): string {
    return `inbox/${this.subscriber}/${eventId}`;
  }
}

export class MemoryParking implements Public<Parking> {
  constructor(
    private readonly subscriber: string,
    private readonly inbox: MemoryInbox,
    private readonly db: MemoryDatabase,
    private readonly transactions: Transactions,
    private readonly onParked: (delayMs: number | null) => void,
  ) {}

  async fail(arrival: Arrival, error: unknown): Promise<void> {
    const pause = pauseAfter(error, 1, 0, RETRY_FOR_MS);
    await this.transactions.run((tx) => this.park(tx, arrival, pause, describeError(error).text));
    this.onParked(pause);
  }

  async queue(arrival: Arrival): Promise<void> {
    await this.transactions.run((tx) => this.park(tx, arrival, 0, ''));
    this.onParked(0);
  }

  announce(): Promise<void> {
    return Promise.resolve();
  }

  async complete(tx: Tx, { topic, key }: Lane, id: string): Promise<void> {
    const place = `lane/${this.subscriber}/${topic}/${key}`;
    const lane = await memoryTx(tx).take<KeptLane>(place);
    if (!lane) return;
    const rows = lane.rows.filter((row) => row.id !== id);
    const now = this.db.clock.now;
    const next = { ...lane, rows, attempts: 0, firstFailedAt: now, dueAt: now, error: '' };
    memoryTx(tx).put(place, rows.length > 0 ? next : undefined);
  }

  private async park(tx: Tx, arrival: Arrival, pauseMs: number | null, error: string): Promise<void> {
    const place = `lane/${this.subscriber}/${laneOf(arrival)}`;
    const found = await memoryTx(tx).take<KeptLane>(place);
    const now = this.db.clock.now;
    const dueAt = pauseMs === null ? Infinity : now + pauseMs;
    const lane = found ?? { dueAt, leaseUntil: 0, attempts: error ? 1 : 0, firstFailedAt: now, error, rows: [] };
    if (this.inbox.has(arrival.eventId) || lane.rows.some((row) => row.arrival.eventId === arrival.eventId)) return;
    const id = String(memoryTx(tx).nextNumber());
    memoryTx(tx).put(place, { ...lane, rows: [...lane.rows, { id, arrival }] });
  }
}

/** Runs parked deliveries when they are due: the oldest of a lane, by the holder of its lease. */
export class MemoryRetries {
  private running = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly subscriber: string,
    private readonly db: MemoryDatabase,
    private readonly inbox: MemoryInbox,
    private readonly parking: MemoryParking,
    private readonly runner: DeliveryRunner,
    private readonly transactions: Transactions,
    private readonly patience: Patience,
    private readonly onSuccess: () => void,
  ) {}

  start(): void {
    this.running = true;
    void this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
  }

  expect(delayMs: number | null): void {
    if (delayMs !== null) this.db.clock.after(delayMs, () => this.wake());
  }

  private async run(): Promise<void> {
    while (this.running) {
      const leased = await this.patience.waitForDatabase(() => ask(this.runner.reader, () => this.lease()));
      await Promise.all(leased.map((place) => this.drain(place)));
      if (leased.length > 0) continue;
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await Promise.race([woken, this.db.clock.sleep(POLL_MS)]);
    }
  }

  /** In one statement, as the shop does it. */
  private lease(): string[] {
    const { now } = this.db.clock;
    const due = this.db
      .all<KeptLane>(`lane/${this.subscriber}/`)
      .filter(([place, lane]) => lane.dueAt <= now && lane.leaseUntil <= now && !this.db.isLocked(place));
    for (const [place, lane] of due)
      this.db.rows.set(place, { ...lane, leaseUntil: now + LEASE_MS, attempts: lane.attempts + 1 });
    return due.map(([place]) => place);
  }

  private async drain(place: string): Promise<void> {
    const [, , topic, key] = place.split('/') as [string, string, string, string];
    for (;;) {
      const lane = await this.patience.waitForDatabase(() =>
        ask(this.runner.reader, () => this.db.get<KeptLane>(place)),
      );
      const head = lane?.rows[0];
      if (!lane || !head) return;
      const complete = (tx: Tx) => this.parking.complete(tx, { topic, key }, head.id);
      const marked = await this.patience.waitForDatabase(() =>
        this.inbox.isMarked(this.runner.reader, head.arrival.eventId),
      );
      if (marked) await this.patience.waitForDatabase(() => this.transactions.run(complete));
      else {
        const error = await this.runner.run(head.arrival, { mayStart: () => this.running, complete });
        if (error) return this.giveBack(place, lane, error);
        this.onSuccess();
      }
    }
  }

  private async giveBack(place: string, { attempts, firstFailedAt }: KeptLane, error: Error): Promise<void> {
    const { clock } = this.db;
    const pause = pauseAfter(error, attempts, clock.now - firstFailedAt, RETRY_FOR_MS);
    await this.patience.waitForDatabase(() =>
      this.transactions.run(async (tx) => {
        const lane = await memoryTx(tx).take<KeptLane>(place);
        const dueAt = pause === null ? Infinity : clock.now + pause;
        if (lane) memoryTx(tx).put(place, { ...lane, dueAt, leaseUntil: 0, error: error.message });
      }),
    );
    this.expect(pause);
  }
}
