import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { kafkaAvailable, prepareKafka, startBroker, type Broker } from '../../local/kafka.js';
import { startPostgres, type Postgres } from '../../local/postgres.js';
import { Problem } from '../../local/problem.js';
import { databaseOptions } from '../../src/database/database-options.js';

export interface Services {
  dir: string;
  postgres: Postgres;
  broker: Broker;
  watchDog: ChildProcess;
}

declare global {
  var testServices: Promise<Services> | undefined;
}

/** The migrated database that others are cloned from. */
export const TEMPLATE = 'shop_template';

/** One PostgreSQL and one broker for all workers; each test file has a database and a topic prefix of its own. */
export async function start(): Promise<Services> {
  const kafka = await kafkaAvailable();
  if (!kafka.ok) {
    const [what] = kafka.sentence.split(': ');
    throw new Problem(
      'no_broker',
      `${what}: install Java 17 or newer and Maven, or run npm run check, which needs no broker.`,
    );
  }
  const dir = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
  chmodSync(dir, 0o755);
  await prepareKafka();
  const [postgres, broker] = await Promise.all([
    // A server that is killed must keep what it acknowledged to other processes; power never fails here.
    startPostgres({
      dir: join(dir, 'postgres'),
      flags: ['fsync=off', 'full_page_writes=off', 'synchronous_commit=on', 'max_connections=400'],
    }),
    startBroker({ dir: join(dir, 'kafka') }),
  ]);
  const watchDog = spawn(
    process.execPath,
    [join(import.meta.dirname, 'watch-dog.cjs'), dir, String(postgres.pid), String(broker.pid)],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  // It waits for the end of this process and must not be what delays it.
  watchDog.unref();
  (watchDog.stdin as Socket).unref();
  await migrateTemplate(postgres);
  return { dir, postgres, broker, watchDog };
}

async function migrateTemplate(postgres: Postgres): Promise<void> {
  await postgres.ensureDatabase(TEMPLATE);
  const pool = { mode: 'sync', connections: 1, waitMs: 5000, idleInTransactionMs: 60_000, name: 'template' };
  const dataSource = new DataSource(databaseOptions({ ...pool, url: postgres.url(TEMPLATE) }));
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  await dataSource.destroy();
}
