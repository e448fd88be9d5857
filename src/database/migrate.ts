import pg from 'pg';
import type { DataSource } from 'typeorm';

/** One lock for each database: processes that start together migrate one after another. */
const LOCK = `hashtext('switchyard'), hashtext('migrations')`;

/** Brings the schema up to date. The lock is held outside of the pool, which may be of one connection. */
export async function migrate(dataSource: DataSource, databaseUrl: string): Promise<void> {
  const holder = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  // A holder that is cut off fails at its next statement; without a listener it would end the process.
  holder.on('error', () => undefined);
  await holder.connect();
  try {
    await holder.query(`SET lock_timeout = '120s'`);
    await holder.query(`SELECT pg_advisory_lock(${LOCK})`);
    await dataSource.runMigrations({ transaction: 'each' });
    await holder.query(`SELECT pg_advisory_unlock(${LOCK})`);
  } finally {
    await holder.end();
  }
}
