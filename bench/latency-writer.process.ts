import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { readConfig } from '../src/config.js';
import { createShop } from '../src/create-shop.js';
import type { MessagingOptions } from '../src/messaging/messaging-options.js';
import { toHeaders } from '../src/messaging/record.js';
import { WakeUp } from '../src/messaging/relay/wake-up.js';
import { backlogRow } from './backlog.js';
import { kafkaOf } from './neighbours.js';

export interface Writing {
  rate: number;
  seconds: number;
  /** `kafkajs`: to the broker. `with-relay`: to the outbox, the relay runs here. `outbox`: it runs elsewhere. */
  way: 'kafkajs' | 'with-relay' | 'outbox';
  topic: string;
}
/** Event ids, and when each was committed, or its send began: milliseconds of the system's monotonic clock. */
export type Times = [id: string, at: number][];

const KEYS = 1000;
const CONNECTIONS = 8;
const now = () => Number(process.hrtime.bigint()) / 1e6;

/** Writes the events from..to; resolves when all are safe. */
type Write = (from: number, to: number) => Promise<Times>;

/** All that are due at once go in one send: the least that kafkajs can do. */
async function toKafka(topic: string): Promise<Write> {
  const producer = kafkaOf(process.env.KAFKA_BROKERS!).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return async (from, to) => {
    const announcedAt = new Date().toISOString();
    const rows = Array.from({ length: to - from }, (_, n) => ({ ...backlogRow(from + n, KEYS), seq: '', announcedAt }));
    const began = now();
    const messages = rows.map((row) => ({ key: row.key, value: row.payload, headers: toHeaders(row, 'shop') }));
    await producer.send({ topic, acks: -1, messages });
    return rows.map((row) => [row.eventId, began]);
  };
}

async function toOutbox(withRelay: boolean): Promise<Write> {
  const databaseUrl = process.env.DATABASE_URL!;
  let wakeUp = new WakeUp({ databaseUrl } as MessagingOptions);
  if (withRelay) {
    const shop = await createShop(readConfig(process.env));
    await shop.ready();
    wakeUp = shop.app.get(WakeUp);
  }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const one = async (n: number): Promise<Times[number]> => {
    const row = backlogRow(n, KEYS);
    await pool.query({
      name: 'announce',
      text: `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [row.eventId, row.name, row.version, row.topic, row.key, row.sequence, row.payload, row.headers],
    });
    const committed = now();
    wakeUp.signal();
    return [row.eventId, committed];
  };
  return (from, to) => Promise.all(Array.from({ length: to - from }, (_, n) => one(from + n)));
}

/** Writes at a fixed rate, however long one takes. */
async function writeAll({ rate, seconds }: Writing, write: Write): Promise<Times> {
  const began = now();
  const all: Promise<Times>[] = [];
  for (let next = 0; next < rate * seconds; await pause(1)) {
    const due = Math.min(rate * seconds, Math.floor(((now() - began) / 1000) * rate));
    if (due > next) all.push(write(next, due));
    next = Math.max(next, due);
  }
  return (await Promise.all(all)).flat();
}

let write: Write | undefined;
process.on('message', (writing: Writing | 'prepare') => {
  const run = async () => {
    if (writing === 'prepare') {
      const way = process.env.WAY as Writing['way'];
      write = way === 'kafkajs' ? await toKafka(process.env.BENCH_TOPIC!) : await toOutbox(way === 'with-relay');
      return [];
    }
    return writeAll(writing, write!);
  };
  run().then(
    (times) => process.send!(times),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
