// Reads a topic of the shop as a stranger would, with plain kafkajs and no line of the shop's code:
// node docs/plain-consumer.mjs <broker> [topic, with its prefix] [--once: end where the topic ended at the start]
import { Kafka, logLevel } from 'kafkajs';

const [broker = 'localhost:9092', topic = 'orders'] = process.argv.slice(2).filter((arg) => arg !== '--once');
const kafka = new Kafka({ clientId: 'stranger', brokers: [broker], logLevel: logLevel.ERROR });
const [admin, consumer] = [kafka.admin(), kafka.consumer({ groupId: `stranger-${process.pid}` })];
await admin.connect();
const ends = await admin.fetchTopicOffsets(topic);
const ahead = new Map(ends.filter((p) => p.high !== p.low).map((p) => [p.partition, BigInt(p.high) - 1n]));
const end = async () => {
  if (process.argv.includes('--once') && ahead.size === 0) await consumer.disconnect().then(() => admin.disconnect());
};
await consumer.subscribe({ topic, fromBeginning: true });
const eachMessage = async ({ partition, message: { key, headers, offset, value } }) => {
  console.log(`${key} ${headers.ce_type} ${headers.ce_sequence} ${value}`);
  if (BigInt(offset) >= ahead.get(partition)) ahead.delete(partition);
  void end();
};
if (ahead.size > 0 || !process.argv.includes('--once')) await consumer.run({ eachMessage });
await end();
