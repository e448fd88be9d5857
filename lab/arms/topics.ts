import kafkajs from 'kafkajs';
import type { Stage } from './stage.js';

const { Kafka, logLevel } = kafkajs;

/** Removes the topics of a block that is over; a broker that fails at this moment keeps them, and nobody is hurt. */
export async function removeTopics({ broker }: Stage, topicPrefix: string): Promise<void> {
  if (!broker) return;
  const kafka = new Kafka({
    clientId: 'lab',
    brokers: [broker.brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
    if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 5_000 });
  } catch {
    // They are only in the way.
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
