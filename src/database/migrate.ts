import type { DataSource } from 'typeorm';

/** One lock for each database: processes that start together migrate one after another. */
const LOCK = `hashtext('switchyard'), hashtext('migrations')`;

/** Brings the schema up to date. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const holder = dataSource.createQueryRunner();
  try {
    await holder.query(`SET lock_timeout = '120s'`);
    await holder.query(`SELECT pg_advisory_lock(${LOCK})`);
    await dataSource.runMigrations({ transaction: 'each' });
    await holder.query(`SELECT pg_advisory_unlock(${LOCK})`);
    await holder.query(`RESET lock_timeout`);
  } finally {
    await holder.release();
  }
}
