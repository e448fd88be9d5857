import { randomUUID } from 'node:crypto';
import type { Kafka, Message, ProducerRecord } from 'kafkajs';
import type { OutboxRow } from '../outbox/outbox-row.js';
import { KafkaPublisher } from './kafka-publisher.js';

const PARTITIONS = 6;

/** Takes everything at once, and keeps it; but for a topic that fails. */
class RecordingKafka {
  readonly sends: { topic: string; messages: Message[] }[] = [];
  producers = 0;

  constructor(private readonly failing?: string) {}

  producer() {
    this.producers++;
    return {
      connect: async () => undefined,
      disconnect: async () => undefined,
      send: async ({ topic, messages }: ProducerRecord) => {
        if (topic === this.failing) throw new Error('nobody leads it');
        this.sends.push({ topic, messages });
        return [{ topicName: topic, partition: messages[0]!.partition, errorCode: 0 }];
      },
    };
  }
}

const publishers: KafkaPublisher[] = [];

function publisherOn(kafka: RecordingKafka): KafkaPublisher {
  const options = { brokers: [], partitions: 1, replication: 1, retentionMs: 1, prefix: 'p.', maxWaitMs: 1 };
  const partitions = () => new Map(['orders', 'billing'].map((topic) => [topic, PARTITIONS]));
  const publisher = new KafkaPublisher(kafka as unknown as Kafka, options, 'shop', partitions, () => Promise.resolve());
  publishers.push(publisher);
  return publisher;
}

/** One leadership: resolves when so many rows are acknowledged. */
function lead(publisher: KafkaPublisher, rows: OutboxRow[], wanted = rows.length): Promise<void> {
  let left = wanted;
  return new Promise<void>((resolve, reject) => {
    void publisher.open((seqs) => (left -= seqs.length) === 0 && resolve(), reject);
    publisher.accept(rows);
  });
}

async function publish(rows: OutboxRow[]) {
  const kafka = new RecordingKafka();
  const publisher = publisherOn(kafka);
  await lead(publisher, rows);
  await publisher.close();
  return kafka.sends;
}

let seq = 0;
const row = (key: string, topic = 'orders'): OutboxRow => ({
  seq: String(++seq),
  eventId: randomUUID(),
  name: 'order.placed',
  version: '2',
  topic,
  key,
  sequence: '7',
  payload: '{"a":1}',
  headers: '{"traceparent":"00-1-2-01","correlation-id":"c"}',
  announcedAt: '2026-01-01T00:00:00.000000Z',
});

describe('what is published', () => {
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const publisher of publishers.splice(0)) await publisher.close();
  });

  it('goes by its key, to the partition that every Kafka client would choose', async () => {
    // murmur2 as in Java's client, modulo 6.
    const chosen = { 'order-1': 4, 'order-2': 3, 'order-3': 3, 'order-4': 2, ü: 2 };
    const sends = await publish(Object.keys(chosen).flatMap((key) => [row(key), row(key), row(key)]));
    const seen = sends.flatMap(({ messages }) => messages.map(({ key, partition }) => `${String(key)} ${partition}`));
    expect([...new Set(seen)].sort()).toEqual(
      Object.entries(chosen)
        .map((pair) => pair.join(' '))
        .sort(),
    );
    expect(seen).toHaveLength(15);
  });

  it('goes in one send for each partition while nobody knows which broker leads it', async () => {
    const sends = await publish(Array.from({ length: 100 }, (_, n) => row(`order-${n}`)));
    expect(sends.length).toBeGreaterThan(1);
    for (const { topic, messages } of sends) {
      expect(topic).toBe('p.orders');
      expect(new Set(messages.map(({ partition }) => partition)).size).toBe(1);
    }
  });

  it('begins each leadership with a producer of its own: the last one may have given an array up', async () => {
    const kafka = new RecordingKafka();
    const publisher = publisherOn(kafka);
    for (const leadership of [1, 2]) {
      await lead(publisher, [row('order-1')]);
      await publisher.close();
      expect(kafka.producers).toBe(leadership);
    }
    expect(kafka.sends).toHaveLength(2);
  });

  it('holds a topic that fails for ten seconds, and says so, while the others go on', async () => {
    const publisher = publisherOn(new RecordingKafka('p.orders'));
    await lead(publisher, [row('order-1'), row('order-1', 'billing')], 1);
    await new Promise(setImmediate);
    expect(publisher.held()).toEqual([]);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 11_000);
    expect(publisher.held()).toEqual(['orders']);
    expect(publisher.trouble()).toBe('Kafka does not take orders since 11 s: nobody leads it');
  });

  it('says in its headers what a stranger needs, and keeps what the announcement gave', async () => {
    const announced = row('order-1');
    const [send] = await publish([announced]);
    expect(send!.messages).toEqual([
      {
        key: 'order-1',
        value: '{"a":1}',
        partition: 4,
        headers: {
          traceparent: '00-1-2-01',
          'correlation-id': 'c',
          ce_specversion: '1.0',
          ce_id: announced.eventId,
          ce_type: 'order.placed',
          ce_source: 'urn:shop',
          ce_time: announced.announcedAt,
          ce_subject: 'order-1',
          ce_dataschema: 'urn:shop:event:order.placed:2',
          ce_sequence: '7',
          ce_sequencetype: 'Integer',
          'content-type': 'application/json',
        },
      },
    ]);
  });
});
