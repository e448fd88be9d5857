import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config.js';
import { DATABASES } from '../../database/database.module.js';
import type { Databases } from '../../database/databases.js';
import { afterCommit, beforeCommit, Transactions, type Effects, type Failure, type Tx } from '../../messaging/index.js';
import { AfterCommitMetrics } from '../../operations/after-commit-metrics.js';
import { RequestEffects, SeparateEffects } from './call-effects.js';
import { queueStatements } from './statement-queue.js';

/** Who is called, by subscriber: the same names as the consumer groups of the other design. */
export type Hearers = Record<string, (effects: Effects) => Promise<unknown>>;

/** What the calls are about, so that an error can name it. */
export type Subject = { orderId: string } | { userId: string };

/** How a module's announcement becomes calls of the others: where the effects commit, and who waits for whom. */
export abstract class Calls {
  abstract make(tx: Tx, subject: Subject, hearers: Hearers): Promise<void>;

  /** Refuses the request with `error` where it can still be rolled back; else makes the calls. */
  abstract refuse(tx: Tx, subject: Subject, error: Failure, hearers: Hearers): Promise<void>;
}

/** All calls inside the request's transaction: a module that fails, or is slow, fails or slows the request. */
@Injectable()
export class CallsInTransaction extends Calls {
  private readonly log = new Logger('calls');
  private readonly afterwards: Transactions;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASES) databases: Databases,
    private readonly afterCommitMetrics: AfterCommitMetrics,
  ) {
    super();
    this.afterwards = new Transactions(databases.deliveries);
  }

  async make(tx: Tx, _subject: Subject, hearers: Hearers): Promise<void> {
    const required = Object.entries(hearers).filter(([name]) => !this.isOptional(name));
    for (const [name, call] of Object.entries(hearers))
      if (this.isOptional(name)) afterCommit(tx, () => this.callOptional(name, call));
    if (this.config.SYNC_FANOUT === 'parallel') return this.callTogether(tx, required);
    for (const [name, call] of required) {
      const run = () => call(new RequestEffects(tx, (error) => this.failed(name, error)));
      // Mail cannot be taken back: it goes last of the whole request, still before the commit.
      if (name === 'notifications') beforeCommit(tx, run);
      else await run();
    }
  }

  refuse(_tx: Tx, _subject: Subject, error: Failure): Promise<void> {
    return Promise.reject(error);
  }

  private isOptional(name: string): boolean {
    return (this.config.SYNC_OPTIONAL as string[]).includes(name);
  }

  /** External calls overlap, row work queues on the one connection; the first error decides, when all have ended. */
  private async callTogether(tx: Tx, calls: [string, Hearers[string]][]): Promise<void> {
    queueStatements(tx);
    const errors: unknown[] = [];
    await Promise.all(
      calls.map(([name, call]) =>
        call(new RequestEffects(tx, (error) => this.failed(name, error))).catch((error: unknown) => errors.push(error)),
      ),
    );
    if (errors.length > 0) throw errors[0];
  }

  private async callOptional(name: string, call: Hearers[string]): Promise<void> {
    try {
      await call(new SeparateEffects(this.afterwards, (error) => this.failed(name, error)));
    } catch (error) {
      this.failed(name, error);
    }
  }

  private failed(name: string, error: unknown): void {
    this.afterCommitMetrics.failed(name);
    this.log.warn(`${name} failed after the commit, and nobody repeats it: ${String(error)}`);
  }
}
