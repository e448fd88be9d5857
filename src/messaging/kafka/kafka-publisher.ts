import type { Kafka, Message, Producer } from 'kafkajs';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { toHeaders } from '../record.js';
import type { Publisher } from '../relay/publisher.js';
import type { KafkaOptions } from '../messaging-options.js';
import { GatheredSends } from './gathered-sends.js';
import { goodbye } from './goodbye.js';
import { onBroker } from './kafka-client.js';
import { Leaders } from './leaders.js';
import { partitionOf } from './partition-of.js';
import { PartitionSender, type SharedProducer } from './partition-sender.js';

/** A topic whose array fails for longer is left in the outbox, so that the others can go on. */
const HOLD_AFTER_MS = 10_000;
const LEARN_EVERY_MS = 1000;

/** Sends rows with an idempotent producer, one array after another for each partition. */
export class KafkaPublisher implements Publisher {
  private senders = new Map<string, PartitionSender>();
  private producer?: SharedProducer & { end(): Promise<void> };
  private gathered?: GatheredSends;
  private acknowledge: (seqs: string[]) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;
  /** Rows of topics that this release does not know; the next one, beside it, has announced them. */
  private unplaced: OutboxRow[] = [];
  private learning?: NodeJS.Timeout;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: KafkaOptions,
    private readonly app: string,
    private readonly partitions: () => ReadonlyMap<string, number>,
    /** Reads again with how many partitions each topic is written. */
    private readonly learnPartitions: () => Promise<void>,
  ) {}

  open(onAcknowledged: (seqs: string[]) => void, onFailed: (error: Error) => void): Promise<void> {
    this.acknowledge = onAcknowledged;
    this.fail = onFailed;
    const leaders = new Leaders();
    this.gathered = new GatheredSends(leaders);
    this.senders = new Map();
    this.unplaced = [];
    this.producer = sharedProducer(this.kafka, leaders);
    // The first connection of an idempotent producer takes a third of a second: not at the expense of the first event.
    this.producer.current().catch(() => undefined);
    return Promise.resolve();
  }

  accept(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const partitions = this.partitions().get(row.topic);
      if (partitions) this.senderFor(row, partitions).push(row);
      else this.unplaced.push(row);
    }
    for (const sender of this.senders.values()) sender.flush();
    if (this.unplaced.length > 0) this.learning ??= setTimeout(() => void this.placeAgain(), LEARN_EVERY_MS);
  }

  held(): string[] {
    const failing = [...this.senders.values()].filter((sender) => sender.failingForMs > HOLD_AFTER_MS);
    return [...new Set([...failing, ...this.unplaced].map(({ topic }) => topic))];
  }

  trouble(): string | undefined {
    const worst = [...this.senders.values()].sort((a, b) => b.failingForMs - a.failingForMs)[0];
    if (!worst?.error) return undefined;
    return `Kafka does not take ${worst.topic} since ${Math.round(worst.failingForMs / 1000)} s: ${worst.error}`;
  }

  async close(): Promise<void> {
    clearTimeout(this.learning);
    this.learning = undefined;
    this.unplaced = [];
    for (const sender of this.senders.values()) sender.stop();
    await goodbye(this.producer?.end());
  }

  private async placeAgain(): Promise<void> {
    await this.learnPartitions().catch(() => undefined);
    this.learning = undefined;
    this.accept(this.unplaced.splice(0));
  }

  private senderFor(row: OutboxRow, count: number): PartitionSender {
    // Modulo the number that is kept in the table `topic`: partitions added by anyone do not move keys.
    const partition = partitionOf(row.key, count);
    const place = `${row.topic}/${partition}`;
    let sender = this.senders.get(place);
    if (!sender) {
      const target = { topic: onBroker(this.options, row.topic), partition };
      const toMessage = (sent: OutboxRow): Message => ({
        key: sent.key,
        value: sent.payload,
        headers: toHeaders(sent, this.app),
        partition,
      });
      const { acknowledge, fail, gathered } = this;
      sender = new PartitionSender(row.topic, target, this.producer!, gathered!, toMessage, acknowledge, fail);
      this.senders.set(place, sender);
    }
    return sender;
  }
}

function sharedProducer(kafka: Kafka, leaders: Leaders): SharedProducer & { end(): Promise<void> } {
  let ended = false;
  const connect = async (): Promise<Producer> => {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: leaders.partitioner,
      // The least that kafkajs allows: the senders repeat, each its own array, so that none waits for another's topic.
      retry: { retries: 1, initialRetryTime: 50 },
    });
    await producer.connect();
    return producer;
  };
  let current: Promise<Producer> | undefined;
  const disconnect = (producer: Producer) => producer.disconnect().catch(() => undefined);
  return {
    current: () => {
      if (ended) return Promise.reject(new Error('This leadership has ended.'));
      current ??= connect().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    replace: async (broken) => {
      if ((await current?.catch(() => undefined)) !== broken) return;
      current = undefined;
      await disconnect(broken);
    },
    end: async () => {
      ended = true;
      const last = await current?.catch(() => undefined);
      if (last) await disconnect(last);
    },
  };
}
