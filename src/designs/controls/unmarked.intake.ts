import { Logger } from '@nestjs/common';
import {
  contextOf,
  Delivery,
  runInContext,
  type Arrival,
  type BatchControl,
  type Handler,
  type Intake,
  type SubscriberDeclaration,
  type Transactions,
} from '../../messaging/index.js';

const TRIES = 3;

/** The intake of the negative control: no mark, no parking. Three tries, then logged and passed over. */
export class UnmarkedIntake implements Intake {
  private readonly log: Logger;

  constructor(
    private readonly subscriber: SubscriberDeclaration,
    private readonly handler: Handler,
    private readonly transactions: Transactions,
    private readonly failedAfterCommit: (error: unknown) => void,
  ) {
    this.log = new Logger(`subscriber:${subscriber.name}`);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async take(batch: readonly Arrival[], control: BatchControl): Promise<void> {
    for (const arrival of batch) {
      if (!control.mayStart()) return;
      await this.arrive(arrival);
      control.finished(arrival);
    }
  }

  private async arrive(arrival: Arrival): Promise<void> {
    const { content } = arrival;
    if (!('event' in content) || !this.subscriber.events.has(content.event.name)) return;
    for (let tries = 1; tries <= TRIES; tries++) {
      try {
        const delivery = new Delivery(arrival, this.ground());
        const handle = () => this.handler(content.event.name, content.data, delivery);
        return await runInContext(contextOf(arrival), handle);
      } catch (error) {
        this.log.warn(`${content.event.name} failed ${tries} of ${TRIES} times: ${String(error)}`);
      }
    }
  }

  private ground() {
    return {
      reader: this.transactions.dataSource.manager,
      once: async (_arrival: Arrival, work: Parameters<Delivery['once']>[0]) => {
        await this.transactions.run(work);
        return true;
      },
      stillMine: () => Promise.resolve(),
      failedAfterCommit: this.failedAfterCommit,
    };
  }
}
