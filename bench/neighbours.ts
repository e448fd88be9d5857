import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import pg from 'pg';
import { prepareKafka, startBroker, type Broker } from '../local/kafka.js';
import { startPostgres, type Postgres } from '../local/postgres.js';
import { quietRequestTimer } from '../src/messaging/kafka/request-timer.js';

/** PostgreSQL as it is installed (fsync on) and one broker, for one run of benchmarks. */
export interface Neighbours {
  postgres: Postgres;
  broker: Broker;
  kafka: Kafka;
  admin: Admin;
  /** A database of its own. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

let made = 0;

export async function startNeighbours(): Promise<Neighbours> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-bench-'));
  fs.chmodSync(dir, 0o755);
  await prepareKafka();
  const [postgres, broker] = await Promise.all([
    startPostgres({ dir: path.join(dir, 'postgres'), flags: ['max_connections=300'] }),
    startBroker({ dir: path.join(dir, 'kafka') }),
  ]);
  const kafka = kafkaOf(broker.brokers);
  const admin = kafka.admin();
  await admin.connect();
  return {
    postgres,
    broker,
    kafka,
    admin,
    database: async () => {
      const name = `bench_${++made}`;
      await postgres.ensureDatabase(name);
      return postgres.url(name);
    },
    stop: async () => {
      await admin.disconnect();
      await Promise.all([postgres.stop(), broker.kill9()]);
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Plain kafkajs, with the repair of its endless timer that the shop has too. */
export function kafkaOf(brokers: string): Kafka {
  quietRequestTimer();
  return new kafkajs.Kafka({
    clientId: 'bench',
    brokers: [brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 20 },
  });
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  return client;
}

/** Makes a topic and waits for its leaders: kafkajs, asked to wait itself, fails when the broker does not know it yet. */
export async function createTopic(admin: Admin, topic: string, partitions: number): Promise<void> {
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: false });
  for (const end = Date.now() + 30_000; ; await pause(50)) {
    const found = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    const led = found?.topics[0]?.partitions.filter(({ leader }) => leader >= 0).length;
    if (led === partitions) return;
    if (Date.now() > end) throw new Error(`The topic ${topic} has no leaders after 30 s.`);
  }
}

/** How many records a topic holds. */
export async function records(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}
