import { Logger } from '@nestjs/common';
import type { Admin } from 'kafkajs';
import type { DataSource } from 'typeorm';
import { Failure } from '../failure.js';
import type { KafkaOptions } from '../messaging-options.js';
import { onBroker } from './kafka-client.js';
import { ConfigResourceTypes } from './kafkajs.js';

/** A topic on the broker would lose events or their order. */
export class TopicUnfit extends Failure {
  readonly code = 'topic_unfit';
  readonly retryable = false;
}

const LEAST_MESSAGE_BYTES = 1_048_576;
const log = new Logger('topics');

/**
 * Makes the topics that are missing and checks the ones that are there. The number of partitions a topic is written
 * with is kept in the table `topic`: another number would move keys to other partitions, and so break their order.
 * @throws TopicUnfit naming the setting to change.
 */
export async function ensureTopics(admin: Admin, db: DataSource, topics: readonly string[], options: KafkaOptions) {
  const partitions = await rememberedPartitions(db, topics, options.partitions);
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(onBroker(options, topic)));
  if (missing.length > 0)
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic: onBroker(options, topic),
        numPartitions: options.partitions,
        replicationFactor: options.replication,
        configEntries: [
          { name: 'retention.ms', value: String(options.retentionMs) },
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'min.insync.replicas', value: String(Math.max(1, options.replication - 1)) },
        ],
      })),
    });
  await checkPartitions(admin, topics, partitions, options);
  await checkSettings(admin, topics, options);
  if (options.replication === 1) log.debug('Topics have one replica: a lost disk loses events that were not read.');
  return partitions;
}

/** What the relay computes partitions with; written once, at the first start. */
async function rememberedPartitions(db: DataSource, topics: readonly string[], wanted: number) {
  await db.query(`INSERT INTO topic (name, partitions) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING`, [
    topics,
    wanted,
  ]);
  const rows: { name: string; partitions: number }[] = await db.query(
    `SELECT name, partitions FROM topic WHERE name = ANY($1)`,
    [topics],
  );
  for (const { name, partitions } of rows)
    if (partitions !== wanted)
      throw new TopicUnfit(
        `The topic ${name} is written with ${partitions} partitions and KAFKA_PARTITIONS says ${wanted}: set it back to ${partitions}.`,
      );
  return new Map(rows.map((row) => [row.name, row.partitions]));
}

/** With how many partitions each topic is written, by this release or by another. */
export async function writtenPartitions(db: DataSource): Promise<ReadonlyMap<string, number>> {
  const rows: { name: string; partitions: number }[] = await db.query(`SELECT name, partitions FROM topic`);
  return new Map(rows.map((row) => [row.name, row.partitions]));
}

async function checkPartitions(
  admin: Admin,
  topics: readonly string[],
  partitions: ReadonlyMap<string, number>,
  options: KafkaOptions,
): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map((topic) => onBroker(options, topic)) });
  for (const topic of topics) {
    const found = metadata.topics.find(({ name }) => name === onBroker(options, topic))?.partitions.length ?? 0;
    const wanted = partitions.get(topic)!;
    if (found < wanted)
      throw new TopicUnfit(`The topic ${topic} has ${found} partitions and needs ${wanted}: add them on the broker.`);
    if (found > wanted)
      log.warn(`The topic ${topic} has ${found} partitions: all are read, only the first ${wanted} are written.`);
  }
}

async function checkSettings(admin: Admin, topics: readonly string[], options: KafkaOptions): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((topic) => ({
      type: ConfigResourceTypes.TOPIC,
      name: onBroker(options, topic),
      configNames: ['cleanup.policy', 'max.message.bytes', 'retention.ms'],
    })),
  });
  for (const { resourceName, configEntries } of resources) {
    const value = (name: string) => configEntries.find((entry) => entry.configName === name)?.configValue ?? '';
    if (value('cleanup.policy').includes('compact'))
      throw new TopicUnfit(`The topic ${resourceName} is compacted and would lose events: set cleanup.policy=delete.`);
    if (Number(value('max.message.bytes')) < LEAST_MESSAGE_BYTES)
      throw new TopicUnfit(
        `The topic ${resourceName} takes too small batches: set max.message.bytes to 1048588 or more.`,
      );
  }
}
