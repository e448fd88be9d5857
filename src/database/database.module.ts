import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions } from '../messaging/index.js';
import type { Databases } from './databases.js';

export const DATABASES = Symbol('DATABASES');

/** The pools, which are opened before the application and closed after it. `DataSource` is that of requests. */
@Global()
@Module({})
export class DatabaseModule {
  static for(databases: Databases): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DATABASES, useValue: databases },
        { provide: DataSource, useValue: databases.api },
        { provide: Transactions, useFactory: () => new Transactions(databases.api) },
      ],
      exports: [DATABASES, DataSource, Transactions],
    };
  }
}
