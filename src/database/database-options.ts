import type { DataSourceOptions } from 'typeorm';
import { CreateShop1790000000000 } from '../../migrations/1790000000000-create-shop.js';
import { CreateMessaging1790000000001 } from '../../migrations/1790000000001-create-messaging.js';
import { CreateTimeline1790000000002 } from '../../migrations/1790000000002-create-timeline.js';
import { ENTITIES } from '../entities.js';

export interface PoolSettings {
  url: string;
  /** The COMM_MODE that orders are to be stamped with. */
  mode: string;
  connections: number;
  /** For how long a caller waits for a free connection, in milliseconds. */
  waitMs: number;
  /** Above the sum of what a transaction may wait for outside of the database, in milliseconds. */
  idleInTransactionMs: number;
  name: string;
  /** Those of added modules; the shop's own are always there. */
  entities?: DataSourceOptions['entities'];
}

/** The options of one pool; the command line of TypeORM, the tests and the application all use them. */
export function databaseOptions(pool: PoolSettings): DataSourceOptions {
  const session = [
    `-c shop.mode=${pool.mode}`,
    `-c idle_in_transaction_session_timeout=${pool.idleInTransactionMs}`,
    `-c lock_timeout=5000`,
  ];
  return {
    type: 'postgres',
    url: pool.url,
    entities: [...ENTITIES, ...Object.values(pool.entities ?? [])] as DataSourceOptions['entities'],
    migrations: [CreateShop1790000000000, CreateMessaging1790000000001, CreateTimeline1790000000002],
    migrationsTableName: 'typeorm_migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize: pool.connections,
    connectTimeoutMS: pool.waitMs,
    applicationName: pool.name,
    extra: { options: session.join(' '), keepAlive: true },
  };
}
