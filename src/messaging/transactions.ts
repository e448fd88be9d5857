import {
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
  type DataSource,
  type EntityManager,
} from 'typeorm';
import type { Tx } from './effects.js';
import { failpoints } from './failpoints.js';
import { sqlState } from './database-error.js';

/** PostgreSQL asks for these to be run again: a serialization failure and a deadlock. */
const RUN_AGAIN = new Set(['40001', '40P01']);
const MOST_RUNS = 5;

type Step = () => Promise<unknown> | unknown;
interface Steps {
  beforeCommit: Step[];
  afterCommit: Step[];
}

const stepsOf = new WeakMap<EntityManager, Steps>();

function steps(tx: Tx): Steps {
  const found = stepsOf.get(tx);
  if (!found) throw new TypeError('This transaction was not opened by Transactions.run.');
  return found;
}

/** Queues a last step of the transaction, behind all that were queued before; its failure rolls all back. */
export const beforeCommit = (tx: Tx, step: Step): unknown => steps(tx).beforeCommit.push(step);

/** Queues a step for when the transaction has committed. Steps run one after another; the caller hears a failure. */
export const afterCommit = (tx: Tx, step: Step): unknown => steps(tx).afterCommit.push(step);

/** PostgreSQL went away in the middle of a transaction. TypeORM only says that the connection is not there any more. */
class ConnectionLost extends Error {
  readonly code = '08006';
  constructor(cause: unknown) {
    super('The connection to PostgreSQL broke in the middle of a transaction.', { cause });
  }
}

const cutOff = (error: unknown): boolean =>
  error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;

/** Opens transactions on one pool. */
export class Transactions {
  constructor(
    readonly dataSource: DataSource,
    private readonly scope: 'request' | 'effect' = 'request',
  ) {}

  /**
   * Runs `work` in a transaction, and again (at most 5 times in all) when PostgreSQL aborts it as a deadlock or a
   * serialization failure: whatever `work` does outside of it must bear repetition.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let runs = 1; ; runs++) {
      const queued: Steps = { beforeCommit: [], afterCommit: [] };
      let result: T;
      try {
        result = await this.dataSource.transaction(async (tx) => {
          stepsOf.set(tx, queued);
          const value = await work(tx);
          for (let step = queued.beforeCommit.shift(); step; step = queued.beforeCommit.shift()) await step();
          await failpoints.reach(`${this.scope}.before-commit`);
          return value;
        });
      } catch (error) {
        if (runs < MOST_RUNS && RUN_AGAIN.has(sqlState(error) ?? '')) continue;
        throw cutOff(error) ? new ConnectionLost(error) : error;
      }
      await failpoints.reach(`${this.scope}.after-commit`);
      for (const step of queued.afterCommit) await step();
      return result;
    }
  }
}
