import { DataSource, type DataSourceOptions } from 'typeorm';
import { callsDirectly, type Config } from '../config.js';
import { Failure } from '../messaging/index.js';
import { databaseOptions } from './database-options.js';
import { migrate } from './migrate.js';

const API_CONNECTIONS = 10;
const DELIVERY_CONNECTIONS = 10;
/** The relay's lock and wake-up, and the lock of the mode. */
const OTHER_CONNECTIONS = 3;

/** The database cannot be used as it is. */
export class DatabaseUnfit extends Failure {
  readonly code = 'database_unfit';
  readonly retryable = false;
}

/** The pools of one process: deliveries cannot take the connections that requests need, nor the other way round. */
export interface Databases {
  api: DataSource;
  deliveries: DataSource;
  close(): Promise<void>;
}

/** Connects, checks and migrates. @throws DatabaseUnfit with a sentence that names the fix. */
export async function openDatabases(config: Config, entities?: DataSourceOptions['entities']): Promise<Databases> {
  const pool = { url: config.DATABASE_URL, mode: config.COMM_MODE, waitMs: config.POOL_WAIT, entities };
  // In sync a transaction waits for providers, one call after another.
  const idleInTransactionMs = callsDirectly(config.COMM_MODE)
    ? 8 * config.PROVIDER_TIMEOUT + config.SMTP_TIMEOUT * 4
    : 10_000;
  const api = new DataSource(
    databaseOptions({ ...pool, connections: API_CONNECTIONS, idleInTransactionMs, name: `${config.APP_NAME}.api` }),
  );
  await connect(api);
  await refuseUnsafe(api);
  await migrate(api);
  if (callsDirectly(config.COMM_MODE)) return { api, deliveries: api, close: () => api.destroy() };
  const deliveries = new DataSource(
    databaseOptions({
      ...pool,
      connections: DELIVERY_CONNECTIONS,
      idleInTransactionMs: 10_000,
      name: `${config.APP_NAME}.deliveries`,
    }),
  );
  await connect(deliveries);
  return { api, deliveries, close: async () => void (await Promise.all([api.destroy(), deliveries.destroy()])) };
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
  const rows: { commit: string; most: string }[] = await dataSource.query(
    `SELECT current_setting('synchronous_commit') AS commit, current_setting('max_connections') AS most`,
  );
  const { commit, most } = rows[0]!;
  if (commit === 'off')
    throw new DatabaseUnfit('synchronous_commit is off, a crash would lose orders that were answered: switch it on.');
  const wanted = API_CONNECTIONS + DELIVERY_CONNECTIONS + OTHER_CONNECTIONS;
  if (Number(most) < wanted)
    throw new DatabaseUnfit(`max_connections is ${most} and one process needs ${wanted}: raise it.`);
}
