import { Injectable, Logger } from '@nestjs/common';
import { afterCommit, Failure, Transactions, type Tx } from '../../messaging/index.js';
import { AfterCommitMetrics } from '../../operations/after-commit-metrics.js';
import { Calls, type Hearers, type Subject } from '../sync/calls.js';
import { SeparateEffects } from '../sync/call-effects.js';

/** What was asked for is kept, but a call that should have followed has failed, and nobody repeats it. */
export class EffectsIncomplete extends Failure {
  readonly code = 'effects_incomplete';
  readonly retryable = false;
  readonly details: Subject;

  constructor(hearer: string, subject: Subject, options: ErrorOptions) {
    super(`Kept, but ${hearer} failed afterwards; the calls after it were not made.`, options);
    this.details = 'orderId' in subject ? { orderId: subject.orderId } : { userId: subject.userId };
  }
}

/** The monolith as it is often written: the calls come after the commit, each with a transaction of its own. */
@Injectable()
export class CallsAfterCommit extends Calls {
  private readonly log = new Logger('calls');

  constructor(
    private readonly transactions: Transactions,
    private readonly afterCommitMetrics: AfterCommitMetrics,
  ) {
    super();
  }

  make(tx: Tx, subject: Subject, hearers: Hearers): Promise<void> {
    afterCommit(tx, () => this.callAll(subject, hearers));
    return Promise.resolve();
  }

  /** After the commit there is nothing left to refuse. */
  refuse(tx: Tx, subject: Subject, _error: Failure, hearers: Hearers): Promise<void> {
    return this.make(tx, subject, hearers);
  }

  private async callAll(subject: Subject, hearers: Hearers): Promise<void> {
    for (const [name, call] of Object.entries(hearers)) {
      try {
        await call(new SeparateEffects(this.transactions, (error) => this.failed(name, error)));
      } catch (error) {
        if (!(error instanceof EffectsIncomplete)) this.failed(name, error);
        throw error instanceof EffectsIncomplete ? error : new EffectsIncomplete(name, subject, { cause: error });
      }
    }
  }

  private failed(name: string, error: unknown): void {
    this.afterCommitMetrics.failed(name);
    this.log.warn(`${name} failed after the commit, and nobody repeats it: ${String(error)}`);
  }
}
