import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { CONFIG, needsKafka, type CommMode, type Config } from './config.js';
import { EVENTS, UNHEARD } from './contracts/index.js';
import type { Databases } from './database/databases.js';
import { DatabaseModule, DATABASES } from './database/database.module.js';
import { AsyncDesign } from './designs/async/design.module.js';
import { carriages } from './designs/controls/carriages.js';
import { SyncAfterCommitDesign } from './designs/controls/sync-after-commit.module.js';
import { SyncDesign } from './designs/sync/design.module.js';
import { HttpModule } from './http/index.js';
import { MessagingModule, type AnyEvent } from './messaging/index.js';
import { AnalyticsModule } from './modules/analytics/index.js';
import { BillingModule } from './modules/billing/index.js';
import { CacheModule } from './modules/cache/index.js';
import { NotificationsModule } from './modules/notifications/index.js';
import { OrdersModule } from './modules/orders/index.js';
import { ShippingModule } from './modules/shipping/index.js';
import { UsersModule } from './modules/users/index.js';
import { AfterCommitMetrics, OperationsModule } from './operations/index.js';
import { RETIRED_SUBSCRIBERS } from './retired-subscribers.js';

/** The switch. A mode without a design does not compile. */
const designs: Record<CommMode, Type> = {
  sync: SyncDesign,
  async: AsyncDesign,
  'async-local': AsyncDesign,
  'sync-after-commit': SyncAfterCommitDesign,
  'async-dual-write': AsyncDesign,
};

const BUSINESS = [
  UsersModule,
  OrdersModule,
  BillingModule,
  ShippingModule,
  NotificationsModule,
  AnalyticsModule,
  CacheModule,
];

/** What an application adds to the shop: modules of its own, with their entities and events. */
export interface Additions {
  modules?: Type[];
  events?: readonly AnyEvent[];
  retiredSubscribers?: readonly string[];
}

@Module({})
export class AppModule {
  static for(
    config: Config,
    databases: Databases,
    { modules = [], events = [], retiredSubscribers = [] }: Additions = {},
  ): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        DatabaseModule.for(databases),
        HttpModule,
        OperationsModule.for(config),
        MessagingModule.forRoot({
          carriage: carriages[config.COMM_MODE],
          inject: [DATABASES, AfterCommitMetrics],
          useFactory: ({ deliveries }: Databases, afterCommit: AfterCommitMetrics) => ({
            app: config.APP_NAME,
            events: [...EVENTS, ...events],
            unheard: UNHEARD,
            deliveries,
            databaseUrl: config.DATABASE_URL,
            kafka: needsKafka(config.COMM_MODE) ? kafkaOptions(config) : undefined,
            subscribers: config.SUBSCRIBERS,
            runsRelay: config.ROLES.includes('relay'),
            runsSubscribers: config.ROLES.includes('subscribers'),
            handlerTimeoutMs: config.HANDLER_TIMEOUT,
            retryForMs: config.RETRY_FOR,
            concurrency: config.SUBSCRIBER_CONCURRENCY,
            parkedMaxBytes: config.PARKED_MAX_BYTES,
            retiredSubscribers: [...RETIRED_SUBSCRIBERS, ...retiredSubscribers],
            onFailedAfterCommit: (subscriber: string) => afterCommit.failed(subscriber),
          }),
        }),
        designs[config.COMM_MODE],
        ...BUSINESS,
        ...modules,
      ],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}

const kafkaOptions = (config: Config) => ({
  brokers: config.KAFKA_BROKERS!.split(','),
  partitions: config.KAFKA_PARTITIONS,
  replication: config.KAFKA_REPLICATION,
  retentionMs: config.TOPIC_RETENTION,
  prefix: config.TOPIC_PREFIX,
  maxWaitMs: config.KAFKA_MAX_WAIT,
});
