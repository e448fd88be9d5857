import kafkajs from 'kafkajs';
import { readTopics } from '../../local/topic-reader.js';
import { HEARERS, TOPICS, type Subscriber } from '../checker/expected-effects.js';
import type { TopicRecord } from '../model/observation.js';

const { Kafka, logLevel } = kafkajs;

/** Where a shop has its topics and groups. */
export interface KafkaPlace {
  brokers: readonly string[];
  /** Before the name of each topic and group. */
  topicPrefix: string;
  /** The shop's APP_NAME: a group is `<app>.<subscriber>`. */
  app: string;
}

/** All records of the shop's topics, under the names without the prefix. */
export async function topicRecords({ brokers, topicPrefix }: KafkaPlace): Promise<TopicRecord[]> {
  const names = Object.keys(TOPICS).map((topic) => topicPrefix + topic);
  return (await readTopics(brokers, names)).map((record) => ({
    ...record,
    topic: record.topic.slice(topicPrefix.length),
  }));
}

/** How far each subscriber has not read yet, over all its topics; `ends` rises with every record that is written. */
export async function readLag({
  brokers,
  topicPrefix,
  app,
}: KafkaPlace): Promise<{ lag: Map<Subscriber, number>; ends: number }> {
  const kafka = new Kafka({
    clientId: 'lab',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 500 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = new Map<string, { partition: number; high: string; low: string }[]>();
    for (const topic of Object.keys(TOPICS)) offsets.set(topic, await admin.fetchTopicOffsets(topicPrefix + topic));
    const lag = new Map<Subscriber, number>();
    for (const [subscriber, topics] of topicsOf()) {
      const committed = await admin.fetchOffsets({
        groupId: `${topicPrefix}${app}.${subscriber}`,
        topics: topics.map((topic) => topicPrefix + topic),
      });
      let behind = 0;
      for (const topic of topics) {
        const read = committed.find((entry) => entry.topic === topicPrefix + topic)?.partitions ?? [];
        for (const { partition, high, low } of offsets.get(topic)!) {
          const offset = Number(read.find((entry) => entry.partition === partition)?.offset ?? -1);
          behind += Number(high) - Math.max(offset, Number(low));
        }
      }
      lag.set(subscriber, behind);
    }
    const ends = [...offsets.values()].flat().reduce((sum, { high }) => sum + Number(high), 0);
    return { lag, ends };
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Which topics each subscriber reads: those that have an event for it. */
function topicsOf(): Map<Subscriber, string[]> {
  const topics = new Map<Subscriber, string[]>();
  for (const [topic, events] of Object.entries(TOPICS))
    for (const event of events)
      for (const subscriber of Object.keys(HEARERS[event]) as Subscriber[])
        topics.set(subscriber, [...new Set([...(topics.get(subscriber) ?? []), topic])]);
  return topics;
}
