import pg from 'pg';
import { TEMPLATE } from './services.js';

let made = 0;

/** A migrated database of its own, cloned from the template. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = process.env.TEST_POSTGRES!;
  const name = `shop_${process.pid}_${process.env.JEST_WORKER_ID ?? 0}_${++made}_${Date.now().toString(36)}`;
  await run(admin, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(admin, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
