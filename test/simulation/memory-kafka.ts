import type {
  ICustomPartitioner,
  Kafka,
  Message,
  ProducerBatch,
  ProducerConfig,
  ProducerRecord,
  TopicMessages,
} from 'kafkajs';
import type { Random } from '../chaos/random.js';
import type { VirtualClock } from '../support/virtual-clock.js';
import { MemoryConsumer } from './memory-consumer.js';
import type { Machine } from './machine.js';
import { MemoryGroup } from './memory-group.js';

export interface StoredRecord {
  offset: string;
  key: Buffer;
  value: Buffer;
  headers: Record<string, Buffer>;
}

interface Sequences {
  next: number;
  recent: { first: number; count: number }[];
}

interface Part {
  topic: string;
  partition: number;
  first: number;
  messages: Message[];
}

/** What becomes of a send: taken, refused, or taken with an answer that is lost. */
type Fate = 'taken' | 'refused' | 'unanswered';

/** A broker with idempotent producers, as kafkajs meets it, and consumer groups. */
export class MemoryKafka {
  readonly logs = new Map<string, StoredRecord[]>();
  readonly groups = new Map<string, MemoryGroup>();
  /** While it is true, a send meets any fate. */
  troubled = false;
  private readonly producers = new Map<string, Sequences>();
  private readonly readers = new Set<() => void>();
  private made = 0;

  constructor(
    readonly clock: VirtualClock,
    private readonly random: Random,
    readonly partitions: number,
    /** A naive application that lets chance decide where a record goes. */
    private readonly scatters: boolean,
  ) {}

  group(id: string): MemoryGroup {
    const found = this.groups.get(id) ?? new MemoryGroup(this.clock);
    this.groups.set(id, found);
    return found;
  }

  /** What the shop's classes take for kafkajs. */
  clientFor(machine: Machine): Kafka {
    return {
      producer: (config?: ProducerConfig) => this.producerFor(machine, config?.createPartitioner),
      consumer: ({ groupId }: { groupId: string }) => new MemoryConsumer(machine, this, this.group(groupId)),
    } as unknown as Kafka;
  }

  log(topic: string, partition: number): StoredRecord[] {
    const place = `${topic}/${partition}`;
    const found = this.logs.get(place) ?? [];
    this.logs.set(place, found);
    return found;
  }

  /** Calls once when a record is added or the reader is woken. */
  whenAdded(wake: () => void): () => void {
    this.readers.add(wake);
    return () => this.readers.delete(wake);
  }

  private producerFor(machine: Machine, partitioner: ICustomPartitioner = () => (sent) => sent.message.partition ?? 0) {
    const id = ++this.made;
    const own = new Map<string, number>();
    const choose = partitioner();
    // One broker leads them all.
    const partitionMetadata = Array.from({ length: this.partitions }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 0,
      replicas: [0],
      isr: [0],
    }));
    const send = async (arrays: TopicMessages[]) => {
      const parts = arrays.map(({ topic, messages }) => {
        const partition = choose({ topic, partitionMetadata, message: messages[0]! });
        const first = own.get(`${topic}/${partition}`) ?? 0;
        return { topic, partition, first, messages };
      });
      await machine.ask(() => this.takeAll(id, parts));
      // After an error kafkajs counts from the same number again, whether the broker has stored the batch or not.
      for (const { topic, partition, first, messages } of parts)
        own.set(`${topic}/${partition}`, first + messages.length);
      return parts.map(({ topic, partition }) => ({ topicName: topic, partition, errorCode: 0 }));
    };
    return {
      connect: () => machine.ask(() => this.refuseInTrouble()),
      disconnect: () => Promise.resolve(),
      send: ({ topic, messages }: ProducerRecord) => send([{ topic, messages }]),
      sendBatch: ({ topicMessages = [] }: ProducerBatch) => send(topicMessages),
    };
  }

  /** Each partition of a request has its own fate; one that is refused fails the request for kafkajs. */
  private takeAll(producer: number, parts: Part[]): void {
    const errors = parts.flatMap((part) => {
      try {
        this.take(producer, part.topic, part.partition, part.first, part.messages);
        return [];
      } catch (error) {
        return [error];
      }
    });
    if (errors.length > 0) throw errors[0];
  }

  private take(producer: number, topic: string, partition: number, first: number, messages: Message[]): void {
    const fate = this.fate();
    if (fate === 'refused') throw new Error('The broker is away.');
    const place = `${producer} ${topic}/${partition}`;
    const state = this.producers.get(place) ?? { next: first, recent: [] };
    this.producers.set(place, state);
    const known = state.recent.some((batch) => batch.first === first && batch.count === messages.length);
    if (!known && first !== state.next)
      throw Object.assign(new Error('Out of order.'), { type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    // A batch with numbers that were seen is taken for a repeat: acknowledged, and not stored.
    if (!known) {
      state.recent = [...state.recent.slice(-4), { first, count: messages.length }];
      state.next = first + messages.length;
      for (const message of messages) this.store(topic, partition, message);
      for (const wake of [...this.readers]) wake();
    }
    if (fate === 'unanswered') throw new Error('The connection was lost.');
  }

  private store(topic: string, partition: number, { key, value, headers }: Message): void {
    const log = this.log(topic, this.scatters ? this.random.whole(0, this.partitions - 1) : partition);
    const bytes = Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(text as string)]);
    log.push({
      offset: String(log.length),
      key: Buffer.from(key as string),
      value: Buffer.from(value as string),
      headers: Object.fromEntries(bytes) as Record<string, Buffer>,
    });
  }

  private fate(): Fate {
    return this.troubled ? this.random.pick<Fate>(['taken', 'refused', 'refused', 'unanswered']) : 'taken';
  }

  private refuseInTrouble(): void {
    if (this.fate() === 'refused') throw new Error('The broker is away.');
  }
}
