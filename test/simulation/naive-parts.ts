import type { Kafka, Producer } from 'kafkajs';
import type { Intake } from '../../src/messaging/inbox/intake.js';
import type { OutboxRow } from '../../src/messaging/outbox/outbox-row.js';
import type { Publisher } from '../../src/messaging/relay/publisher.js';
import { toHeaders } from '../../src/messaging/record.js';
import type { VirtualClock } from '../support/virtual-clock.js';

/** Sends what failed later, and what came behind it first. */
export class OnwardPublisher implements Publisher {
  private readonly queues = new Map<number, OutboxRow[]>();
  private producer?: Producer;
  private acknowledge: (seqs: string[]) => void = () => undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly partitions: number,
    private readonly clock: VirtualClock,
  ) {}

  open(onAcknowledged: (seqs: string[]) => void): Promise<void> {
    this.acknowledge = onAcknowledged;
    this.producer = this.kafka.producer();
    this.queues.clear();
    return Promise.resolve();
  }

  accept(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const partition = row.key.charCodeAt(0) % this.partitions;
      const queue = this.queues.get(partition);
      if (queue) {
        queue.push(row);
        continue;
      }
      const begun = [row];
      this.queues.set(partition, begun);
      void this.send(partition, begun);
    }
  }

  held(): string[] {
    return [];
  }

  trouble(): undefined {
    return undefined;
  }

  close(): Promise<void> {
    this.queues.clear();
    return Promise.resolve();
  }

  private async send(partition: number, queue: OutboxRow[]): Promise<void> {
    while (queue.length > 0 && this.queues.get(partition) === queue) {
      const row = queue.shift()!;
      const message = { key: row.key, value: row.payload, headers: toHeaders(row, 'shop'), partition };
      try {
        await this.producer!.send({ topic: row.topic, messages: [message] });
        this.acknowledge([row.seq]);
      } catch {
        queue.push(row);
        await this.clock.sleep(50);
      }
    }
    if (this.queues.get(partition) === queue) this.queues.delete(partition);
  }
}

/** Lets the offset pass before the handler has begun. */
export const hasty = (intake: Intake): Intake => ({
  start: () => intake.start(),
  stop: () => intake.stop(),
  take: (batch, control) => {
    for (const arrival of batch) control.finished(arrival);
    void intake.take(batch, { ...control, finished: () => undefined });
    return Promise.resolve();
  },
});
