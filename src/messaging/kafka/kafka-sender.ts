import type { Kafka, Producer } from 'kafkajs';
import type { KafkaOptions } from '../messaging-options.js';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { toHeaders } from '../record.js';
import { onBroker } from './kafka-client.js';
import { Partitioners } from './kafkajs.js';

/** Sends single events without an outbox, acknowledged by the leader alone: what a control mode does, to be measured. */
export class KafkaSender {
  private producer?: Promise<Producer>;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: KafkaOptions,
    private readonly app: string,
  ) {}

  /** @throws what kafkajs throws after two repeats; the event is lost then. */
  async send(row: OutboxRow): Promise<void> {
    const producer = await (this.producer ??= this.connect().catch((error: unknown) => {
      this.producer = undefined;
      throw error;
    }));
    await producer.send({
      topic: onBroker(this.options, row.topic),
      acks: 1,
      messages: [{ key: row.key, value: row.payload, headers: toHeaders(row, this.app) }],
    });
  }

  async close(): Promise<void> {
    const producer = await this.producer?.catch(() => undefined);
    await producer?.disconnect().catch(() => undefined);
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 2, initialRetryTime: 50, maxRetryTime: 500 },
    });
    await producer.connect();
    return producer;
  }
}
