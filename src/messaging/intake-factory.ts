import { Logger } from '@nestjs/common';
import type { EventCatalogue } from './event-catalogue.js';
import { BatchRunner } from './inbox/batch-runner.js';
import { BatchStarts } from './inbox/batch-starts.js';
import { DeliveryRunner } from './inbox/delivery-runner.js';
import { Inbox } from './inbox/inbox.js';
import type { Handler, Intake } from './inbox/intake.js';
import { Lanes } from './inbox/lanes.js';
import { MarkedIntake } from './inbox/marked-intake.js';
import type { MessagingOptions } from './messaging-options.js';
import type { Outbox } from './outbox/outbox.js';
import { OutageBrake } from './inbox/outage-brake.js';
import { bytesOf, ParkedBytes } from './parking/parked-bytes.js';
import { Parking } from './parking/parking.js';
import { RetryLoop } from './parking/retry-loop.js';
import type { Patience } from './patience.js';
import type { SubscriberDeclaration } from './subscriber.js';
import { Transactions } from './transactions.js';

/** Puts one subscriber's inbox, parking and retry loop together. */
export function createIntake(
  subscriber: SubscriberDeclaration,
  handler: Handler,
  options: MessagingOptions,
  catalogue: EventCatalogue,
  outbox: Outbox,
  patience: Patience,
): Intake {
  const log = new Logger(`subscriber:${subscriber.name}`);
  const transactions = new Transactions(options.deliveries, 'effect');
  const failed = (error: unknown) => {
    log.warn(`A step after the commit failed, and nobody repeats it: ${String(error)}`);
    options.onFailedAfterCommit?.(subscriber.name);
  };
  if (options.carriage.intake) return options.carriage.intake(subscriber, handler, transactions, failed);
  const inbox = new Inbox(subscriber.name);
  const { parkedMaxBytes = Infinity } = options;
  const brake = new OutageBrake(parkedMaxBytes);
  const parkedBytes = new ParkedBytes(subscriber.name, options.deliveries, parkedMaxBytes, brake);
  const { handlerTimeoutMs, concurrency } = options;
  const runner = new DeliveryRunner(handler, inbox, transactions, patience, handlerTimeoutMs, failed);
  const batches = new BatchRunner(handler, inbox, transactions, handlerTimeoutMs, failed);
  const parking = new Parking(subscriber.name, transactions, outbox, options.retryForMs, (delay, arrival) => {
    brake.parked(bytesOf(arrival));
    retries.expect(delay);
  });
  const settings = { ...options, concurrency: Math.max(1, Math.ceil(concurrency / 4)) };
  const onError = (error: unknown) => log.error(`The retry loop failed and goes on: ${String(error)}`);
  const retries = new RetryLoop(
    subscriber,
    settings,
    catalogue,
    inbox,
    parking,
    runner,
    transactions,
    patience,
    brake,
    onError,
  );
  const startOf = async () => {
    const rows: { since: string }[] = await options.deliveries.query(
      `SELECT extract(epoch FROM since) * 1000 AS since FROM subscription WHERE subscriber = $1`,
      [subscriber.name],
    );
    return new Date(Number(rows[0]?.since ?? -Infinity));
  };
  const lanes = new Lanes(concurrency);
  const starts = new BatchStarts(subscriber.name);
  return new MarkedIntake({
    subscriber,
    inbox,
    parking,
    runner,
    batches,
    starts,
    lanes,
    brake,
    patience,
    retries: {
      start: () => {
        parkedBytes.start();
        retries.start();
      },
      stop: () => {
        parkedBytes.stop();
        return retries.stop();
      },
    },
    startOf,
  });
}
