import { Delivery, LaneLost } from '../delivery.js';
import { runInContext } from '../message-context.js';
import type { Arrival } from '../record.js';
import type { Transactions } from '../transactions.js';
import { contextOf, withinTime, type Ownership } from './delivery-runner.js';
import type { Inbox } from './inbox.js';
import type { Handler } from './intake.js';

/** Runs a whole batch in one transaction, for a subscriber whose effects are rows only. */
export class BatchRunner {
  constructor(
    private readonly handler: Handler,
    private readonly inbox: Inbox,
    private readonly transactions: Transactions,
    private readonly timeoutMs: number,
    private readonly onAfterCommitFailure: (error: unknown) => void,
  ) {}

  /** All marks, then the effects in order. Rejects with nothing kept when one fails: they are to be run one by one. */
  async run(arrivals: readonly Arrival[], owner: Ownership): Promise<void> {
    const steps: (() => Promise<unknown> | unknown)[] = [];
    await this.transactions.run(async (tx) => {
      steps.length = 0;
      const fresh = await this.inbox.markAll(
        tx,
        arrivals.map((arrival) => arrival.eventId),
      );
      for (const arrival of arrivals) {
        // Its second arrival in the same batch finds the id gone.
        if (!fresh.delete(arrival.eventId)) continue;
        const delivery = new Delivery(arrival, {
          reader: tx,
          once: async (_, work) => {
            await work(tx);
            return true;
          },
          stillMine: async () => {
            if (!owner.mayStart()) throw new LaneLost('The batch belongs to another process now.');
          },
          failedAfterCommit: this.onAfterCommitFailure,
          afterCommit: (step) => steps.push(step),
        });
        await this.runOne(arrival, delivery);
      }
      if (!owner.mayStart()) throw new LaneLost('The batch belongs to another process now.');
    });
    for (const step of steps) await Promise.resolve(step()).catch(this.onAfterCommitFailure);
  }

  private async runOne(arrival: Arrival, delivery: Delivery): Promise<void> {
    const { content } = arrival;
    if (!('event' in content)) throw new TypeError('Only known events can be run in a batch.');
    try {
      await withinTime(arrival, this.timeoutMs, () =>
        runInContext(contextOf(arrival), () => this.handler(content.event.name, content.data, delivery)),
      );
    } finally {
      delivery.close();
    }
    if (!delivery.settled) throw new TypeError(`The handler of ${content.event.name} returned without effects.once().`);
  }
}
