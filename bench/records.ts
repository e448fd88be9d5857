import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Kafka, type Message } from 'kafkajs';
import { toHeaders } from '../src/messaging/record.js';
import { backlogRow } from './backlog.js';

const KEYS = 1000;
/** All of them may go to one partition, and a batch of it may have 1 MiB. */
const AT_ONCE = 500;
/** Milliseconds of the time of day, finer than Date.now(): compared with the database's clock on the same machine. */
const timeOfDay = () => performance.timeOrigin + performance.now();

function record(n: number): Message {
  const row = { ...backlogRow(n, KEYS), eventId: randomUUID(), seq: '', announcedAt: new Date().toISOString() };
  const value = JSON.stringify({ ...(JSON.parse(row.payload) as object), sentAt: timeOfDay() });
  return { key: row.key, value, headers: toHeaders(row, 'shop') };
}

async function withProducer<T>(
  kafka: Kafka,
  work: (send: (messages: Message[]) => Promise<unknown>) => Promise<T>,
  topic: string,
) {
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
  const producer = kafka.producer({ createPartitioner, allowAutoTopicCreation: false });
  await producer.connect();
  try {
    return await work((messages) => producer.send({ topic, acks: -1, messages }));
  } finally {
    await producer.disconnect();
  }
}

/** Puts events into a topic as fast as they go. */
export const sendMany = (kafka: Kafka, topic: string, count: number): Promise<void> =>
  withProducer(
    kafka,
    async (send) => {
      for (let from = 0; from < count; from += AT_ONCE)
        await send(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => record(from + n)));
    },
    topic,
  );

/** Puts events into a topic at a fixed rate. */
export const sendAtRate = (kafka: Kafka, topic: string, rate: number, seconds: number): Promise<void> =>
  withProducer(
    kafka,
    async (send) => {
      const began = performance.now();
      const sends: Promise<unknown>[] = [];
      while (sends.length < rate * seconds) {
        const due = Math.min(rate * seconds, ((performance.now() - began) / 1000) * rate);
        while (sends.length < due) sends.push(send([record(sends.length)]));
        await pause(1);
      }
      await Promise.all(sends);
    },
    topic,
  );
