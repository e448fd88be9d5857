import type { DataSource, EntityManager } from 'typeorm';
import type { VirtualClock } from '../support/virtual-clock.js';
import type { Machine } from './machine.js';

const LOCK_TIMEOUT_MS = 5000;
const IDLE_IN_TRANSACTION_MS = 10_000;
const IDLE_SESSION_MS = 15_000;

const failure = (code: string) => Object.assign(new Error(`PostgreSQL says ${code}.`), { code });

interface Wait {
  tx: MemoryTx;
  go: () => void;
  fail: (error: Error) => void;
}

/** A database of keys and values: transactions see what is committed, hold locks on what they write, and can be cut off. */
export class MemoryDatabase {
  readonly rows = new Map<string, unknown>();
  private readonly locks = new Map<string, { owner: MemoryTx; waiting: Wait[] }>();
  private readonly open = new Set<MemoryTx>();
  private readonly sessions = new Set<{ machine: Machine; lose: () => void }>();
  private down = false;
  private drawn = 0;

  constructor(readonly clock: VirtualClock) {}

  get<T>(key: string): T | undefined {
    return this.rows.get(key) as T | undefined;
  }

  /** Rows whose key begins so, in the order of their insertion. */
  all<T>(prefix: string): [string, T][] {
    return [...this.rows].filter(([key]) => key.startsWith(prefix)) as [string, T][];
  }

  isLocked(key: string): boolean {
    return this.locks.has(key);
  }

  /** Drawn at once and never given back, as an identity column does: commits may come in another order. */
  nextNumber(): number {
    return ++this.drawn;
  }

  /** What the shop's classes take for TypeORM's data source. */
  dataSourceFor(machine: Machine): DataSource {
    const transaction = async <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => {
      const tx = await machine.ask(() => this.begin(machine));
      try {
        const value = await work(tx as unknown as EntityManager);
        await tx.commit();
        return value;
      } catch (error) {
        this.rollback(tx);
        throw error;
      }
    };
    const manager = { ask: <T>(read: () => T) => machine.ask(() => this.read(read)) };
    return { transaction, manager } as unknown as DataSource;
  }

  /** A session that holds a lock for as long as it lives; `lose` is called when it ends. */
  connect(machine: Machine, lose: () => void): () => void {
    this.refuseWhenDown();
    const session = { machine, lose: () => this.sessions.delete(session) && lose() };
    this.sessions.add(session);
    machine.onKill(session.lose);
    return session.lose;
  }

  read<T>(read: () => T): T {
    this.refuseWhenDown();
    return read();
  }

  /** Ends every connection; what was not committed is gone. */
  crash(): void {
    this.down = true;
    for (const tx of this.open) this.rollback(tx, failure('57P01'));
    this.endSessions();
  }

  /** Ends the sessions that hold a lock; transactions go on. */
  endSessions(): void {
    for (const { lose } of [...this.sessions]) lose();
  }

  recover(): void {
    this.down = false;
  }

  /** Ends what a stopped process has left open, when its time is up. */
  watch(machine: Machine): void {
    const ifStopped = (act: () => void) => () => machine.isStopped && act();
    this.clock.after(
      IDLE_IN_TRANSACTION_MS,
      ifStopped(() => this.cutOff(machine)),
    );
    this.clock.after(
      IDLE_SESSION_MS,
      ifStopped(() => [...this.sessions].filter((one) => one.machine === machine).forEach((one) => one.lose())),
    );
  }

  begin(machine: Machine): MemoryTx {
    this.refuseWhenDown();
    const tx = new MemoryTx(this, machine);
    this.open.add(tx);
    machine.onKill(() => this.rollback(tx));
    return tx;
  }

  commit(tx: MemoryTx): void {
    for (const [key, value] of tx.writes)
      if (value === undefined) this.rows.delete(key);
      else this.rows.set(key, value);
    this.release(tx);
  }

  rollback(tx: MemoryTx, error = failure('08006')): void {
    if (!this.open.has(tx)) return;
    tx.ended = error;
    this.release(tx);
  }

  /** Resolves when the transaction may write the key. */
  lock(tx: MemoryTx, key: string): Promise<void> | undefined {
    const held = this.locks.get(key);
    if (!held) return void this.locks.set(key, { owner: tx, waiting: [] });
    if (held.owner === tx) return undefined;
    return new Promise((go, fail) => {
      const wait = { tx, go, fail };
      held.waiting.push(wait);
      this.clock.after(LOCK_TIMEOUT_MS, () => {
        const at = held.waiting.indexOf(wait);
        if (at < 0) return;
        held.waiting.splice(at, 1);
        fail(failure('55P03'));
      });
    });
  }

  private release(tx: MemoryTx): void {
    this.open.delete(tx);
    for (const [key, lock] of [...this.locks]) {
      for (const wait of lock.waiting.filter((one) => one.tx === tx)) wait.fail(failure('08006'));
      lock.waiting = lock.waiting.filter((one) => one.tx !== tx);
      if (lock.owner !== tx) continue;
      const next = lock.waiting.shift();
      if (!next) this.locks.delete(key);
      else {
        lock.owner = next.tx;
        next.go();
      }
    }
  }

  private cutOff(machine: Machine): void {
    for (const tx of this.open) if (tx.machine === machine) this.rollback(tx);
  }

  private refuseWhenDown(): void {
    if (this.down) throw failure('ECONNREFUSED');
  }
}

/** One transaction, as a handler sees it. */
export class MemoryTx {
  readonly writes = new Map<string, unknown>();
  ended?: Error;

  constructor(
    private readonly db: MemoryDatabase,
    readonly machine: Machine,
  ) {}

  /** Locks a row and reads it as it stands then. */
  take<T>(key: string): Promise<T | undefined> {
    return this.statement(async () => {
      await this.db.lock(this, key);
      return this.see<T>(key);
    });
  }

  /** Inserts unless it is there; waits for another transaction that is about to. */
  insertOnce(key: string, row: unknown): Promise<boolean> {
    return this.statement(async () => {
      await this.db.lock(this, key);
      if (this.see(key) !== undefined) return false;
      this.writes.set(key, row);
      return true;
    });
  }

  /** The keys that begin so. */
  find(prefix: string): Promise<string[]> {
    return this.statement(() =>
      [...this.db.rows.keys(), ...this.writes.keys()].filter((key) => key.startsWith(prefix)),
    );
  }

  /** Writes a row that this transaction holds, or a new one; undefined deletes. Sent with the statement before it. */
  put(key: string, row: unknown): void {
    this.writes.set(key, row);
  }

  see<T>(key: string): T | undefined {
    return (this.writes.has(key) ? this.writes.get(key) : this.db.rows.get(key)) as T | undefined;
  }

  nextNumber(): number {
    return this.db.nextNumber();
  }

  commit(): Promise<void> {
    return this.statement(() => this.db.commit(this));
  }

  private statement<T>(work: () => T | Promise<T>): Promise<T> {
    return this.machine.ask(async () => {
      if (this.ended) throw this.ended;
      const result = await work();
      if (this.ended) throw this.ended as Error;
      return result;
    });
  }
}

/** The shop's classes hand it on as TypeORM's. */
export const memoryTx = (tx: EntityManager): MemoryTx => tx as unknown as MemoryTx;
