import kafkajs, { type Message, type Producer } from 'kafkajs';
import { backlogRow } from './backlog.js';
import { kafkaOf } from './neighbours.js';
import { toHeaders } from '../src/messaging/record.js';

/** The relay's own numbers: what it reads at once, and how much it keeps in flight. */
const BATCH_ROWS = 2000;
const MOST_IN_FLIGHT = 2 * BATCH_ROWS;

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

/** kafkajs alone, at its fastest: one send at a time for each partition, all side by side, not one for their leader. */
async function sendAll(producer: Producer, topic: string, messages: Message[]): Promise<void> {
  const queues = new Map<number, Message[]>();
  const busy = new Set<number>();
  let next = 0;
  let acknowledged = 0;
  await new Promise<void>((resolve, reject) => {
    const fill = () => {
      while (next < messages.length && next - acknowledged < MOST_IN_FLIGHT) {
        for (const message of messages.slice(next, next + BATCH_ROWS)) {
          const queue = queues.get(message.partition!);
          if (queue) queue.push(message);
          else queues.set(message.partition!, [message]);
        }
        next = Math.min(messages.length, next + BATCH_ROWS);
      }
      for (const partition of queues.keys()) if (!busy.has(partition)) send(partition).catch(reject);
    };
    const send = async (partition: number) => {
      busy.add(partition);
      for (let array = queues.get(partition)!; array.length > 0; array = queues.get(partition)!) {
        queues.set(partition, []);
        await producer.send({ topic, acks: -1, messages: array });
        acknowledged += array.length;
        if (acknowledged === messages.length) resolve();
        if (next - acknowledged < MOST_IN_FLIGHT) setImmediate(fill);
      }
      busy.delete(partition);
    };
    fill();
  });
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
