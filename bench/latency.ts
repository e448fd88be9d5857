import { relayFlags, shopEnv, start, startShop } from './child.js';
import type { Times, Writing } from './latency-writer.process.js';
import { createTopic, type Neighbours } from './neighbours.js';
import { quantile, type BenchResult, type BenchSettings, type Comparison } from './result.js';

const RATES = [500, 2000];
const PARTITIONS = 10;
const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 };
const TARGETS: Partial<Record<string, { atMost: number }>> = { p50: { atMost: 3 }, p99: { atMost: 4 } };
const RELAYS = { 'with-relay': 'woken in its process', outbox: 'woken from another process' } as const;

/** From commit to readable through the outbox, beside kafkajs' own send → eachBatch at the same rate. */
export async function latency(neighbours: Neighbours, { rounds, quick, say }: BenchSettings): Promise<BenchResult> {
  const comparisons = new Map<string, Comparison>();
  for (const rate of RATES)
    for (let round = 0; round < rounds; round++) {
      const limit = await delays(neighbours, 'kafkajs', rate, quick);
      for (const [way, woken] of Object.entries(RELAYS)) {
        const measured = await delays(neighbours, way as Writing['way'], rate, quick);
        say(`latency at ${rate}/s, ${round + 1}/${rounds}: p50 ${quantile(measured, 0.5).toFixed(1)} ms ${woken}`);
        for (const [name, share] of Object.entries(SHARES)) {
          const what = `commit → readable at ${rate}/s, ${woken}, ${name}`;
          const one = comparisons.get(what) ?? { what, unit: 'ms', limit: 'kafkajs, send → eachBatch', rounds: [] };
          one.rounds.push({ measured: quantile(measured, share), limit: quantile(limit, share) });
          comparisons.set(what, TARGETS[name] ? { ...one, target: TARGETS[name] } : one);
        }
      }
    }
  return { comparisons: [...comparisons.values()], figures: [] };
}

/** The delay of each event in milliseconds. */
async function delays(neighbours: Neighbours, way: Writing['way'], rate: number, quick: boolean): Promise<number[]> {
  const { admin, broker } = neighbours;
  const seconds = quick ? 2 : 5;
  const prefix = `latency-${Date.now()}.`;
  const topic = `${prefix}orders`;
  const databaseUrl = await neighbours.database();
  const roles = { ROLES: 'relay', KAFKA_PARTITIONS: String(PARTITIONS), TOPIC_PREFIX: prefix };
  const env = shopEnv(databaseUrl, broker.brokers, roles);
  if (way === 'kafkajs') await createTopic(admin, topic, PARTITIONS);
  const relay = way === 'outbox' ? await startShop(env, relayFlags()) : undefined;
  const writer = start<Times>('bench/latency-writer.process.js', { ...env, WAY: way, BENCH_TOPIC: topic });
  writer.send('prepare');
  await writer.next();
  const expected = String(rate * seconds);
  const reader = start<Times>('bench/latency-reader.process.js', {
    KAFKA_BROKERS: broker.brokers,
    BENCH_TOPIC: topic,
    EXPECTED: expected,
  });
  try {
    await reader.next();
    writer.send({ rate, seconds, way, topic } satisfies Writing);
    const written = new Map(await writer.next());
    const read = await reader.next();
    // What is read before its commit is heard of was no slower than that.
    const warm = read.slice(Math.floor(read.length / 5));
    return warm.map(([id, at]) => Math.max(0, at - written.get(id)!));
  } finally {
    await Promise.all([writer.stop(), reader.stop(), relay?.stop()]);
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => name.startsWith(prefix)) });
  }
}
