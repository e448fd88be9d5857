import type { EntityManager } from 'typeorm';
import { abortedForOthers, databaseGone } from '../database-error.js';
import { Delivery, LaneLost, type DeliveryGround } from '../delivery.js';
import type { Tx } from '../effects.js';
import { failpoints } from '../failpoints.js';
import { Failure } from '../failure.js';
import { runInContext, traceparentOf, type MessageContext } from '../message-context.js';
import type { Patience } from '../patience.js';
import type { Arrival } from '../record.js';
import type { Transactions } from '../transactions.js';
import type { Inbox } from './inbox.js';
import type { Handler } from './intake.js';

/** A handler that returned without `once`: it would be repeated for ever, or lost. */
export class EffectNotCommitted extends Failure {
  readonly code = 'effect_not_committed';
  readonly retryable = false;
}

/** A handler took longer than HANDLER_TIMEOUT. */
export class HandlerTimedOut extends Failure {
  readonly code = 'handler_timed_out';
  readonly retryable = true;
}

/** Whose a run is: a carrier's partition, or the lease of a parked lane. */
export interface Ownership {
  mayStart(): boolean;
  /** Takes a parked delivery out of its lane, in the effect's transaction. */
  complete?(tx: Tx): Promise<void>;
  /** Asks the database, where asking the process is not enough. */
  confirm?(): Promise<boolean>;
}

/** Runs deliveries of one subscriber, each run with a time limit and a handle of its own. */
export class DeliveryRunner {
  constructor(
    private readonly handler: Handler,
    private readonly inbox: Inbox,
    private readonly transactions: Transactions,
    private readonly patience: Patience,
    private readonly timeoutMs: number,
    private readonly onAfterCommitFailure: (error: unknown) => void,
  ) {}

  get reader(): EntityManager {
    return this.transactions.dataSource.manager;
  }

  /** Runs the handler; resolves to the error it ended with. Waits, and runs it again, while PostgreSQL is gone. */
  async run(arrival: Arrival, owner: Ownership): Promise<Error | undefined> {
    for (let runs = 1; ; runs++) {
      const error = await this.runOnce(arrival, owner);
      if (!error) return undefined;
      if (abortedForOthers(error) && runs < 5) continue;
      if (!databaseGone(error)) return error;
      // The commit may have been heard although its answer was lost.
      const done = await this.patience.waitForDatabase(() => this.inbox.isMarked(this.reader, arrival.eventId));
      if (done && !owner.complete) return undefined;
    }
  }

  private async runOnce(arrival: Arrival, owner: Ownership): Promise<Error | undefined> {
    const delivery = new Delivery(arrival, this.ground(owner));
    const content = arrival.content;
    if (!('event' in content)) throw new TypeError('Only a known event can be run.');
    try {
      await failpoints.reach('delivery.before-handler');
      await withinTime(arrival, this.timeoutMs, () =>
        runInContext(contextOf(arrival), () => this.handler(content.event.name, content.data, delivery)),
      );
      if (delivery.settled) return undefined;
      return new EffectNotCommitted(`The handler of ${content.event.name} returned without effects.once().`);
    } catch (error) {
      // The effect is committed: another run, or parking the lane for it, would punish those behind it.
      if (delivery.settled) return void this.onAfterCommitFailure(error);
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      delivery.close();
    }
  }

  private ground(owner: Ownership): DeliveryGround {
    return {
      reader: this.reader,
      once: (arrival, work) =>
        this.transactions.run(async (tx) => {
          const first = await this.inbox.mark(tx, arrival.eventId);
          if (first) await work(tx);
          await owner.complete?.(tx);
          return first;
        }),
      stillMine: async (arrival) => {
        if (!owner.mayStart() || (owner.confirm && !(await owner.confirm())))
          throw new LaneLost(`${arrival.name}: another process has taken this delivery over.`);
      },
      failedAfterCommit: this.onAfterCommitFailure,
    };
  }
}

/** What is announced by a handler inherits the trace of the event that caused it. */
export const contextOf = (arrival: Arrival): MessageContext => ({
  correlationId: arrival.correlationId ?? arrival.eventId,
  causationId: arrival.eventId,
  traceparent: traceparentOf(arrival.traceparent),
});

/** @throws HandlerTimedOut after `limitMs`; the work itself cannot be stopped, and finds its delivery closed. */
export async function withinTime(arrival: Arrival, limitMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = () => reject(new HandlerTimedOut(`The handler of ${arrival.name} took more than ${limitMs} ms.`));
    timer = setTimeout(tooLate, limitMs);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
