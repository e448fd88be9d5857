import { DataSource, type DataSourceOptions } from 'typeorm';
import { callsDirectly, type Config } from '../config.js';
import { capacityOf, connectionsOf, DatabaseUnfit, refuseCrowd } from './connections.js';
import { databaseOptions } from './database-options.js';
import { migrate } from './migrate.js';

const TOOL_CONNECTIONS = 2;
const IDLE_IN_TRANSACTION_MS = 10_000;

/** The pools of one process: what follows a commit cannot take the connections that requests need, nor the other way round. */
export interface Databases {
  api: DataSource;
  /** For deliveries, and for the optional calls of `sync`. The same as `api` in a process that has neither. */
  deliveries: DataSource;
  close(): Promise<void>;
}

/** Connects, checks and migrates. @throws DatabaseUnfit with a sentence that names the fix. */
export async function openDatabases(config: Config, entities?: DataSourceOptions['entities']): Promise<Databases> {
  const connections = connectionsOf(config);
  const pool = { url: config.DATABASE_URL, mode: config.COMM_MODE, waitMs: config.POOL_WAIT, entities };
  // In sync a transaction waits for providers, one call after another.
  const idleInTransactionMs = callsDirectly(config.COMM_MODE)
    ? 8 * config.PROVIDER_TIMEOUT + config.SMTP_TIMEOUT * 4
    : IDLE_IN_TRANSACTION_MS;
  const api = new DataSource(
    databaseOptions({
      ...pool,
      connections: connections.requests,
      idleInTransactionMs,
      name: `${config.APP_NAME}.api`,
    }),
  );
  await connect(api);
  await refuseUnsafe(api);
  refuseCrowd(await capacityOf(api), 1, connections);
  await migrate(api, config.DATABASE_URL);
  if (connections.deliveries === 0) return { api, deliveries: api, close: () => api.destroy() };
  const deliveries = new DataSource(
    databaseOptions({
      ...pool,
      connections: connections.deliveries,
      idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
      name: `${config.APP_NAME}.deliveries`,
    }),
  );
  await connect(deliveries);
  return { api, deliveries, close: async () => void (await Promise.all([api.destroy(), deliveries.destroy()])) };
}

/** A small pool for a command line tool: it finds the tables as they are. @throws DatabaseUnfit where there are none. */
export async function openForTool(config: Config): Promise<DataSource> {
  const dataSource = new DataSource(
    databaseOptions({
      url: config.DATABASE_URL,
      mode: config.COMM_MODE,
      connections: TOOL_CONNECTIONS,
      waitMs: config.POOL_WAIT,
      idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
      name: `${config.APP_NAME}.tool`,
    }),
  );
  await connect(dataSource);
  const [{ there }] = await dataSource.query<[{ there: boolean }]>(
    `SELECT to_regclass('driven_by') IS NOT NULL AND to_regclass('parked') IS NOT NULL AS there`,
  );
  if (there) return dataSource;
  await dataSource.destroy();
  throw new DatabaseUnfit('No shop has run on this database yet: start one with npm start, or correct DATABASE_URL.');
}

async function connect(dataSource: DataSource): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    const reason = (error as Error).message || String((error as { code?: unknown }).code);
    throw new DatabaseUnfit(`DATABASE_URL leads to no usable PostgreSQL (${reason}): start it, or correct the URL.`);
  }
}

async function refuseUnsafe(dataSource: DataSource): Promise<void> {
  const rows: { commit: string }[] = await dataSource.query(`SELECT current_setting('synchronous_commit') AS commit`);
  if (rows[0]!.commit === 'off')
    throw new DatabaseUnfit('synchronous_commit is off, a crash would lose orders that were answered: switch it on.');
}
