import type { EntityManager } from 'typeorm';

/** The caller's transaction. Whoever is handed one works inside it and never commits it. */
export type Tx = EntityManager;

/**
 * How a reaction reaches its transaction; each design brings its own.
 *
 * `sync`: the transaction of the request that caused the reaction. `async`: one of its own, in which the inbox mark
 * comes first, so that a delivery that arrives twice has one effect.
 */
export interface Effects {
  /** For reading before `once`. `sync`: sees what the request has written so far. `async`: outside any transaction. */
  readonly reader: EntityManager;

  /** Runs the effect at most once for each delivery, and must be called exactly once by every reaction. */
  once(work: (tx: Tx) => Promise<unknown>): Promise<void>;

  /** Runs when the transaction that counts has committed; a failure is logged and counted, and repeated by nobody. */
  afterCommit(run: () => Promise<unknown> | unknown): void;

  /** Throws when another process has taken this delivery over: to be asked directly before what cannot be undone. */
  stillMine(): Promise<void>;
}
