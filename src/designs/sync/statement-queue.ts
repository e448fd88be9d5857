import type { Tx } from '../../messaging/index.js';

const queued = new WeakSet<object>();

/** Lets calls that run side by side share one connection: statements wait for each other instead of overlapping. */
export function queueStatements(tx: Tx): void {
  const runner = tx.queryRunner;
  if (!runner || queued.has(runner)) return;
  queued.add(runner);
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  let tail: Promise<unknown> = Promise.resolve();
  runner.query = ((...args: unknown[]) => {
    const result = tail.then(() => query(...args));
    tail = result.catch(() => undefined);
    return result;
  }) as typeof runner.query;
}
