import { type Admin, Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import type { TestShop } from './shop.js';
import { until } from './until.js';

/** Where to look: a shop, or the settings of one. */
type Topics = Pick<TestShop, 'env'>;

export interface TopicRecord {
  /** Without the prefix of the test. */
  topic: string;
  partition: number;
  offset: number;
  key: string;
  value: string;
  headers: Record<string, string>;
}

const kafkaOf = (shop: Topics): Kafka =>
  new Kafka({ clientId: 'test', brokers: shop.env.KAFKA_BROKERS!.split(','), logLevel: logLevel.NOTHING });

/** Asks the broker of a shop for something. */
export async function asAdmin<T>(shop: Topics, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(shop).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The topics that a shop has on the broker, without its prefix. */
export async function topicsOf(shop: Topics): Promise<string[]> {
  const prefix = shop.env.TOPIC_PREFIX!;
  const names = await asAdmin(shop, (admin) => admin.listTopics());
  return names
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .sort();
}

/** Lets every consumer group of a shop that is closed begin at the first offset again; how many groups there were. */
export function rewind(shop: Topics): Promise<number> {
  return asAdmin(shop, async (admin) => {
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(shop.env.TOPIC_PREFIX!));
    if (own.length > 0) await admin.deleteGroups(own);
    return own.length;
  });
}

/** Writes records into a topic of a shop as they are, as anybody could. */
export async function produce(shop: Topics, topic: string, messages: Message[]): Promise<void> {
  const producer = kafkaOf(shop).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic: shop.env.TOPIC_PREFIX + topic, messages });
  } finally {
    await producer.disconnect();
  }
}

/** Every record of a shop's topics, from the first offset to the last. */
export async function readTopics(shop: Topics): Promise<TopicRecord[]> {
  const prefix = shop.env.TOPIC_PREFIX!;
  const topics = (await topicsOf(shop)).map((topic) => prefix + topic);
  if (topics.length === 0) return [];
  const ends = await asAdmin(shop, (admin) => Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic))));
  const expected = ends.flat().reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const records: TopicRecord[] = [];
  const consumer = kafkaOf(shop).consumer({ groupId: `${prefix}reader-${Date.now()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, partition, message: { offset, key, value, headers } }) => {
      const texts = Object.entries(headers ?? {}).map(([name, bytes]) => [name, String(bytes)]);
      records.push({
        topic: topic.slice(prefix.length),
        partition,
        offset: Number(offset),
        key: String(key),
        value: String(value),
        headers: Object.fromEntries(texts) as Record<string, string>,
      });
      return Promise.resolve();
    },
  });
  await until(`${expected} records`, () => records.length >= expected);
  await consumer.disconnect();
  return records;
}
