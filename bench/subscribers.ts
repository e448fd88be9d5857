import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { messagingSchema } from '../src/messaging/index.js';
import { start, type Child } from './child.js';
import { connect, createTopic, type Neighbours } from './neighbours.js';
import { sendAtRate, sendMany } from './records.js';
import { quantile, type BenchResult, type BenchSettings, type Comparison, type Figure } from './result.js';
import type { Subscribing } from './subscribers.process.js';

const PARTITIONS = 6;
const LANES = 16;
const PROVIDER_MS = 50;
/** A batch takes so many more records that both sides run for about as long. */
const TIMES_FASTER = 5;
const PARTS = { groups: 1, commit: 'each', providerMs: 0, lanes: LANES, partitions: PARTITIONS } as const;

interface Load {
  records: number;
  /** All at once when undefined; then they are there before the subscribers begin. */
  rate?: number;
  processes?: number;
}

/** What subscribers can take, how long a record waits for its effect, and what lanes make of a slow provider. */
export async function subscribers(neighbours: Neighbours, { rounds, quick, say }: BenchSettings): Promise<BenchResult> {
  const records = quick ? 1500 : 6000;
  const seconds = quick ? 3 : 6;
  const batch: Comparison[] = (
    [
      [1, 5],
      [5, 3.5],
    ] as const
  ).map(([groups, atLeast]) => ({
    what: `commit 'batch', ${groups} ${groups === 1 ? 'group' : 'groups'}`,
    unit: 'effects/s',
    limit: `commit 'each'`,
    rounds: [],
    target: { atLeast },
  }));
  const lanes: Comparison[] = [200, 600].map((rate) => ({
    what: `${LANES} lanes, a provider of ${PROVIDER_MS} ms, ${rate} records/s`,
    unit: 'effects/s',
    limit: `min(rate, lanes / ${PROVIDER_MS} ms)`,
    rounds: [],
    target: { atLeast: 0.8 },
  }));
  const delay: Figure[] = ['p50', 'p99'].map((name) => ({
    what: `record → committed effect at 500/s, ${name}`,
    unit: 'ms',
    rounds: [],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, groups] of [1, 5].entries()) {
      const rate = async (commit: 'each' | 'batch', count: number) =>
        (await consume(neighbours, { ...PARTS, groups, commit }, { records: count })).perSecond;
      const sides = { limit: 0, measured: 0 };
      const measure = async (side: keyof typeof sides) =>
        (sides[side] = await (side === 'limit' ? rate('each', records) : rate('batch', TIMES_FASTER * records)));
      for (const side of round % 2 === 0 ? (['limit', 'measured'] as const) : (['measured', 'limit'] as const))
        await measure(side);
      batch[index]!.rounds.push(sides);
      say(`subscribers ${round + 1}/${rounds}, ${groups} groups: ${inWords(sides)}`);
    }
    const { delays } = await consume(neighbours, PARTS, { records: 500 * seconds, rate: 500 });
    delay[0]!.rounds.push(quantile(delays, 0.5));
    delay[1]!.rounds.push(quantile(delays, 0.99));
    for (const [index, rate] of [200, 600].entries()) {
      const slow = { ...PARTS, providerMs: PROVIDER_MS };
      const { perSecond } = await consume(neighbours, slow, { records: rate * seconds, rate });
      lanes[index]!.rounds.push({ measured: perSecond, limit: Math.min(rate, LANES / (PROVIDER_MS / 1000)) });
    }
  }
  return { comparisons: [...batch, ...lanes], figures: delay };
}

const inWords = ({ limit, measured }: { limit: number; measured: number }): string =>
  `each ${Math.round(limit)}/s, batch ${Math.round(measured)}/s`;

/** Effects a second from the first to the last, and the delay of each, in milliseconds. */
export async function consume(
  neighbours: Neighbours,
  parts: Omit<Subscribing, 'prefix'>,
  { records, rate, processes = 1 }: Load,
): Promise<{ perSecond: number; delays: number[] }> {
  const { admin, broker, kafka } = neighbours;
  const prefix = `subscribers-${Date.now()}.`;
  const topic = `${prefix}orders`;
  const databaseUrl = await neighbours.database();
  const db = await connect(databaseUrl);
  let running: Child<string>[] = [];
  try {
    for (const statement of messagingSchema) await db.query(statement);
    await db.query(`CREATE TABLE effect (subscriber text NOT NULL, order_id text NOT NULL, sent_at float8,
      at timestamptz NOT NULL DEFAULT clock_timestamp())`);
    await createTopic(admin, topic, parts.partitions);
    if (!rate) await sendMany(kafka, topic, records);
    const env = {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: broker.brokers,
      SUBSCRIBING: JSON.stringify({ ...parts, prefix }),
    };
    running = Array.from({ length: processes }, () => start<string>('bench/subscribers.process.js', env));
    await Promise.all(running.map((child) => child.next()));
    if (rate) await sendAtRate(kafka, topic, rate, records / rate);
    return await effects(db, records * parts.groups);
  } finally {
    await Promise.all(running.map((child) => child.stop()));
    await db.end();
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => name.startsWith(prefix)) });
  }
}

async function effects(db: pg.Client, expected: number): Promise<{ perSecond: number; delays: number[] }> {
  for (const end = Date.now() + 600_000; ; await pause(100)) {
    const { rows } = await db.query<{ count: number }>(`SELECT count(*)::int FROM effect`);
    if (rows[0]!.count >= expected) break;
    if (Date.now() > end) throw new Error(`Only ${rows[0]!.count} of ${expected} effects are there after 10 min.`);
  }
  const { rows } = await db.query<{ at: number; sent: number }>(
    `SELECT extract(epoch FROM at)::float8 * 1000 AS at, sent_at AS sent FROM effect ORDER BY at`,
  );
  if (rows.length > expected) throw new Error(`There are ${rows.length} effects of ${expected}.`);
  // The first tenth warms the process up.
  const warm = rows.slice(Math.floor(rows.length / 10));
  const seconds = (warm.at(-1)!.at - warm[0]!.at) / 1000;
  return { perSecond: (warm.length - 1) / seconds, delays: warm.map(({ at, sent }) => at - sent) };
}
