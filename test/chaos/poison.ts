import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';

const { Kafka, logLevel, Partitioners } = kafkajs;

/** Puts records into a topic that nobody can read, each with a key of its own; their event ids. */
export async function poison(brokers: string[], topic: string, count: number): Promise<string[]> {
  if (count === 0) return [];
  const ids = Array.from({ length: count }, () => randomUUID());
  const kafka = new Kafka({ clientId: 'chaos', brokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, messages: ids.map(unreadable) });
  } finally {
    await producer.disconnect();
  }
  return ids;
}

/** An order that was cut off in the middle. */
const unreadable = (id: string) => ({
  key: id,
  value: '{"orderId":',
  headers: {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: 'order.placed',
    ce_source: 'urn:shop',
    ce_time: new Date().toISOString(),
    ce_subject: id,
    ce_dataschema: 'urn:shop:event:order.placed:1',
    ce_sequence: '1',
  },
});
