import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { abortedForOthers, databaseGone } from './database-error.js';
import { Failure } from './failure.js';

/** The process is stopping: what waited does not go on. */
export class Stopping extends Failure {
  readonly code = 'stopping';
  readonly retryable = true;
  constructor() {
    super('The process is stopping.');
  }
}

/** Waits for PostgreSQL instead of failing: while it is gone, no work is at fault. */
export class Patience {
  private readonly stopping = new AbortController();
  private gone?: { since: number; error: string };

  constructor() {
    // Every lane that waits listens, and there are many.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Since when PostgreSQL does not answer, as a sentence; undefined while it does. */
  get trouble(): string | undefined {
    return this.gone && `PostgreSQL does not answer since ${Math.round((Date.now() - this.gone.since) / 1000)} s`;
  }

  /** Runs `work` again, after pauses of 50 ms to 2 s, for as long as PostgreSQL is gone. */
  async waitForDatabase<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        const result = await work();
        this.gone = undefined;
        return result;
      } catch (error) {
        if (abortedForOthers(error) && tries < 5) continue;
        if (!databaseGone(error)) throw error;
        this.gone ??= { since: Date.now(), error: (error as Error).message };
        await this.pause(Math.min(2000, 50 * 2 ** Math.min(tries, 6)) * (0.5 + Math.random()));
      }
    }
  }

  /** @throws Stopping when the process stops meanwhile. */
  async pause(ms: number): Promise<void> {
    try {
      await pause(ms, undefined, { signal: this.stopping.signal });
    } catch {
      throw new Stopping();
    }
  }

  stop(): void {
    this.stopping.abort();
  }
}
