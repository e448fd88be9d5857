import kafkajs, { type Message, type Producer } from 'kafkajs';
import { backlogRow } from './backlog.js';
import { kafkaOf } from './neighbours.js';
import { toHeaders } from '../src/messaging/record.js';

/** What the relay reads at once. */
const BATCH_ROWS = 2000;

interface Order {
  topic: string;
  rows: number;
  keys: number;
  partitions: number;
  firstSequence: number;
}

/** All records of a backlog, ready to be sent, in the arrays that the relay would send. */
function prepare({ rows, keys, partitions, firstSequence }: Order): Message[] {
  const choose = kafkajs.Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 0,
    isr: [],
    replicas: [],
    offlineReplicas: [],
    partitionErrorCode: 0,
  }));
  return Array.from({ length: rows }, (_, n) => {
    const row = { ...backlogRow(n, keys, firstSequence), seq: String(n), announcedAt: '2026-01-01T12:00:00.000000Z' };
    const message = { key: row.key, value: row.payload, headers: toHeaders(row, 'shop') };
    return { ...message, partition: choose({ topic: row.topic, partitionMetadata, message }) };
  });
}

/** kafkajs alone, sending as the relay does: what is read at once goes in one request to the one broker. */
async function sendAll(producer: Producer, topic: string, messages: Message[]): Promise<void> {
  for (let next = 0; next < messages.length; next += BATCH_ROWS)
    await producer.send({ topic, acks: -1, messages: messages.slice(next, next + BATCH_ROWS) });
}

const kafka = kafkaOf(process.env.KAFKA_BROKERS!);
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
});
await producer.connect();
let prepared: { topic: string; messages: Message[] } | undefined;
process.on('message', (message: Order | 'go') => {
  if (message !== 'go') {
    prepared = { topic: message.topic, messages: prepare(message) };
    process.send!('prepared');
  } else
    void sendAll(producer, prepared!.topic, prepared!.messages).then(
      () => process.send!('sent'),
      (error: Error) => {
        console.error(error.message);
        process.exit(1);
      },
    );
});
process.on('disconnect', () => process.exit(0));
process.send!('connected');
