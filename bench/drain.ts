import { setTimeout as pause } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import type pg from 'pg';
import { announceBacklog } from './backlog.js';
import { relayFlags, shopEnv, start, startShop, type Child } from './child.js';
import { connect, createTopic, records, type Neighbours } from './neighbours.js';
import { cpuSeconds, peakMegabytes } from './process-cost.js';
import type { BenchResult, BenchSettings } from './result.js';

const KEYS = 1000;
const PARTITIONS = 10;
const WARM_UP = 20_000;
const LOOK_MS = 10;

interface Drained {
  perSecond: number;
  megabytes: number;
  cpu: { relay: number; postgres: number; broker: number };
}

/** The relay empties a backlog, beside kafkajs alone that sends the same records in the same arrays. */
export async function drain(neighbours: Neighbours, { rounds, quick, say }: BenchSettings): Promise<BenchResult> {
  const rows = quick ? 20_000 : 200_000;
  const seen: { limit: number; relay: Drained }[] = [];
  for (let round = 0; round < rounds; round++) {
    const limitFirst = round % 2 === 0;
    let limit = limitFirst ? await limitRound(neighbours, rows) : 0;
    const relay = await relayRound(neighbours, { rows });
    if (!limitFirst) limit = await limitRound(neighbours, rows);
    seen.push({ limit, relay });
    say(`drain ${round + 1}/${rounds}: relay ${Math.round(relay.perSecond)}/s, kafkajs ${Math.round(limit)}/s`);
  }
  const per100k = (part: keyof Drained['cpu']) => seen.map(({ relay }) => (relay.cpu[part] / rows) * 100_000);
  return {
    comparisons: [
      {
        what: `relay, backlog of ${rows.toLocaleString('en-US')} rows`,
        unit: 'events/s',
        limit: 'kafkajs alone, the same arrays, one send each',
        rounds: seen.map(({ relay, limit: alone }) => ({ measured: relay.perSecond, limit: alone })),
        target: { atLeast: 0.6 },
      },
    ],
    figures: [
      {
        what: 'most memory of the relay-only process',
        unit: 'MB',
        rounds: seen.map(({ relay }) => relay.megabytes),
        target: { atMost: 250 },
      },
      { what: 'CPU of the relay for 100,000 events', unit: 's', rounds: per100k('relay') },
      { what: 'CPU of PostgreSQL for 100,000 events', unit: 's', rounds: per100k('postgres') },
      { what: 'CPU of the broker for 100,000 events', unit: 's', rounds: per100k('broker') },
    ],
  };
}

async function limitRound({ admin, broker }: Neighbours, rows: number): Promise<number> {
  const topic = `limit-${Date.now()}`;
  await createTopic(admin, topic, PARTITIONS);
  const sender: Child<string> = start('bench/drain-limit.process.js', { KAFKA_BROKERS: broker.brokers });
  try {
    await sender.next();
    let began = 0;
    for (const [count, firstSequence] of [
      [WARM_UP, 1],
      [rows, 1 + WARM_UP / KEYS],
    ] as const) {
      sender.send({ topic, rows: count, keys: KEYS, partitions: PARTITIONS, firstSequence });
      await sender.next();
      began = performance.now();
      sender.send('go');
      await sender.next();
    }
    return (rows / (performance.now() - began)) * 1000;
  } finally {
    await sender.stop();
    await admin.deleteTopics({ topics: [topic] });
  }
}

interface Backlog {
  rows: number;
  /** Rows that were deleted and that a long transaction keeps in the table. */
  deadRows?: number;
  /** Options of Node for the relay's process. */
  flags?: string[];
}

/** A relay-only process of the shop empties a backlog; order and completeness are read from the topic. */
export async function relayRound(
  neighbours: Neighbours,
  { rows, deadRows = 0, flags = relayFlags() }: Backlog,
): Promise<Drained> {
  const { postgres, broker, admin, kafka } = neighbours;
  const databaseUrl = await neighbours.database();
  const prefix = `relay-${Date.now()}.`;
  const env = { ROLES: 'relay', KAFKA_PARTITIONS: String(PARTITIONS), TOPIC_PREFIX: prefix };
  const shop = await startShop(shopEnv(databaseUrl, broker.brokers, env), flags);
  const db = await connect(databaseUrl);
  const pinning = await connect(databaseUrl);
  const topic = `${prefix}orders`;
  try {
    await announceBacklog(db, WARM_UP, KEYS);
    await reaches(neighbours, topic, WARM_UP);
    await untilEmpty(db);
    if (deadRows > 0) await pinDeadRows(pinning, db, deadRows);
    const spent = () => [cpuSeconds(shop.pid), cpuSeconds(postgres.pid, true), cpuSeconds(broker.pid)];
    await announceBacklog(db, rows, KEYS, 1 + WARM_UP / KEYS);
    const began = performance.now();
    const before = spent();
    await reaches(neighbours, topic, WARM_UP + rows);
    const seconds = (performance.now() - began) / 1000;
    await untilEmpty(db);
    const [relay, pgSpent, brokerSpent] = spent().map((after, part) => after - before[part]!);
    const megabytes = peakMegabytes(shop.pid);
    await checkOrder(kafka, topic, WARM_UP + rows);
    return { perSecond: rows / seconds, megabytes, cpu: { relay: relay!, postgres: pgSpent!, broker: brokerSpent! } };
  } finally {
    await shop.stop();
    await Promise.all([db.end(), pinning.end()]);
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => name.startsWith(prefix)) });
  }
}

/** Rows that are gone, and that no vacuum may remove while `pinning` can still see them. */
async function pinDeadRows(pinning: pg.Client, db: pg.Client, count: number): Promise<void> {
  await pinning.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await pinning.query('SELECT 1 FROM outbox');
  await db.query('BEGIN');
  await db.query(
    `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
     SELECT gen_random_uuid(), 'order.placed', 1, 'orders', 'dead', 1, repeat('x', 480), '{}' FROM generate_series(1, $1)`,
    [count],
  );
  await db.query(`DELETE FROM outbox`);
  await db.query('COMMIT');
}

/** Waits until a topic holds so many records; only the broker is asked. */
async function reaches({ admin }: Neighbours, topic: string, count: number): Promise<void> {
  for (const end = Date.now() + 600_000; (await records(admin, topic)) < count; await pause(LOOK_MS))
    if (Date.now() > end) throw new Error(`${topic} has ${await records(admin, topic)} of ${count} records.`);
}

async function untilEmpty(db: pg.Client): Promise<void> {
  for (const end = Date.now() + 30_000; ; await pause(LOOK_MS)) {
    if ((await db.query(`SELECT 1 FROM outbox LIMIT 1`)).rows.length === 0) return;
    if (Date.now() > end) throw new Error('The outbox is not empty 30 s after its last record was sent.');
  }
}

/** Reads the topic to its end. @throws when a record is missing, stands twice, or stands before an earlier one. */
async function checkOrder(kafka: Kafka, topic: string, expected: number): Promise<void> {
  const last = new Map<string, number>();
  const consumer = kafka.consumer({ groupId: `check-${Date.now()}`, maxWaitTimeInMs: 100 });
  let read = 0;
  let wrong: string | undefined;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Only ${read} of ${expected} records can be read.`)), 120_000);
      void consumer.run({
        eachBatch: async ({ batch }) => {
          for (const { key, headers } of batch.messages) {
            const name = String(key);
            const sequence = Number(String(headers?.ce_sequence));
            if (sequence !== (last.get(name) ?? 0) + 1)
              wrong ??= `${name}: ${last.get(name)} is followed by ${sequence}`;
            last.set(name, sequence);
          }
          read += batch.messages.length;
          if (read >= expected) resolve(clearTimeout(timer));
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  if (wrong || read > expected) throw new Error(`The topic is not what was announced: ${wrong ?? `${read} records`}.`);
}
