import type { Admin } from 'kafkajs';
import type { KafkaOptions } from '../messaging-options.js';
import { onBroker } from './kafka-client.js';

/** How far one subscriber is behind in one topic. */
export interface TopicLag {
  topic: string;
  lag: number;
}

/** The end of each topic, summed over its partitions. */
export async function endOffsets(admin: Admin, topics: readonly string[], options: KafkaOptions) {
  const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(onBroker(options, topic))));
  return new Map(topics.map((topic, index) => [topic, ends[index]!]));
}

/** Records between the group's committed offsets and the ends; a partition without an offset counts from its start. */
export async function lagOf(
  admin: Admin,
  group: string,
  topics: readonly string[],
  ends: Awaited<ReturnType<typeof endOffsets>>,
  options: KafkaOptions,
): Promise<TopicLag[]> {
  const committed = await admin.fetchOffsets({
    groupId: onBroker(options, group),
    topics: topics.map((topic) => onBroker(options, topic)),
  });
  return topics.map((topic) => {
    const offsets = committed.find((entry) => entry.topic === onBroker(options, topic))?.partitions ?? [];
    let lag = 0;
    for (const end of ends.get(topic)!) {
      const offset = Number(offsets.find((entry) => entry.partition === end.partition)?.offset ?? -1);
      lag += Number(end.offset) - (offset >= 0 ? Math.max(offset, Number(end.low)) : Number(end.low));
    }
    return { topic, lag };
  });
}
