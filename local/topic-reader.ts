import Cluster, { type FetchedRecord } from 'kafkajs/src/cluster/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';

const MOST_BYTES = 8 * 1024 * 1024;
const QUIET = { level: 0, logCreator: () => () => undefined };

/** A record as it stands in a topic, with what its headers say; a header that is not there is empty, a number 0. */
export interface ReadRecord {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  eventId: string;
  name: string;
  /** The aggregate that it is about (`ce_subject`). */
  subject: string;
  /** `ce_sequence`. */
  sequence: number;
  /** Milliseconds since 1970, by the clock of who wrote it or of the broker. */
  atMs: number;
}

/**
 * Reads every record of the topics from offset 0, with no consumer group and no code of the shop.
 * @throws Error when a topic is not there, or ends before its high watermark
 */
export async function readTopics(brokers: readonly string[], topics: readonly string[]): Promise<ReadRecord[]> {
  const cluster = new Cluster({
    brokers: () => Promise.resolve(brokers),
    clientId: 'topic-reader',
    logger: loggers.createLogger(QUIET),
    socketFactory: createSocketFactory(),
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    retry: { retries: 10 },
  });
  await cluster.connect();
  try {
    await cluster.addMultipleTargetTopics([...topics]);
    const records: ReadRecord[] = [];
    for (const topic of topics)
      for (const { partitionId, leader } of cluster.findTopicPartitionMetadata(topic))
        records.push(...(await readPartition(cluster, topic, partitionId, leader)));
    return records;
  } finally {
    await cluster.disconnect();
  }
}

async function readPartition(cluster: Cluster, topic: string, partition: number, leader: number) {
  const broker = await cluster.findBroker({ nodeId: String(leader) });
  const records: ReadRecord[] = [];
  for (let next = 0; ;) {
    const { responses } = await broker.fetch({
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(next), maxBytes: MOST_BYTES }] }],
      maxWaitTime: 100,
      minBytes: 1,
      maxBytes: MOST_BYTES,
      isolationLevel: 0,
    });
    const found = responses[0]!.partitions[0]!;
    // A batch is sent whole, also when its first records lie before the offset that was asked for.
    for (const message of found.messages) {
      if (Number(message.offset) < next) continue;
      next = Number(message.offset) + 1;
      records.push(record(topic, partition, message));
    }
    if (next >= Number(found.highWatermark)) return records;
    if (found.messages.length === 0) throw new Error(`${topic}/${partition} ends at ${next} without its last records.`);
  }
}

function record(topic: string, partition: number, { offset, timestamp, key, headers }: FetchedRecord): ReadRecord {
  const text = (name: string) => headers[name]?.toString('utf8') ?? '';
  const sequence = Number(text('ce_sequence'));
  return {
    topic,
    partition,
    offset: Number(offset),
    key: key?.toString('utf8') ?? null,
    eventId: text('ce_id'),
    name: text('ce_type'),
    subject: text('ce_subject'),
    sequence: Number.isSafeInteger(sequence) ? sequence : 0,
    atMs: Number(timestamp),
  };
}
