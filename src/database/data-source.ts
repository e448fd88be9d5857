import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { databaseOptions } from './database-options.js';

/** For the command line: `typeorm migration:show -d dist/src/database/data-source.js`. */
export default new DataSource(
  databaseOptions({
    url: process.env.DATABASE_URL ?? '',
    mode: 'sync',
    connections: 2,
    waitMs: 5000,
    idleInTransactionMs: 60_000,
    name: 'typeorm',
  }),
);
