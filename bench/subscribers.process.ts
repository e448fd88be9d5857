import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  Delivery,
  event,
  Messaging,
  MessagingModule,
  On,
  Subscriber,
  TransactionalOutbox,
} from '../src/messaging/index.js';

/** What `bench/subscribers.ts` asks of one process of subscribers. */
export interface Subscribing {
  groups: number;
  commit: 'each' | 'batch';
  /** How long a provider takes before the effect. */
  providerMs: number;
  lanes: number;
  partitions: number;
  prefix: string;
}

const asked = JSON.parse(process.env.SUBSCRIBING!) as Subscribing;
const databaseUrl = process.env.DATABASE_URL!;

const OrderPlaced = event({
  name: 'order.placed',
  version: 1,
  topic: 'orders',
  key: (order) => order.orderId,
  sequence: (order) => order.sequence,
  schema: z.object({ orderId: z.string(), total: z.int(), sequence: z.int(), sentAt: z.number().optional() }),
});

/** One row for each record: the effect of a subscriber that does nothing else. */
function subscriber(name: string): Type {
  @Subscriber(name, { from: 'beginning', commit: asked.commit })
  class Counting {
    @On(OrderPlaced)
    async onOrderPlaced(@Payload() order: { orderId: string; sentAt?: number }, @Ctx() delivery: Delivery) {
      if (asked.providerMs > 0) await pause(asked.providerMs);
      await delivery.once((tx) =>
        tx.query(`INSERT INTO effect (subscriber, order_id, sent_at) VALUES ($1, $2, $3)`, [
          name,
          order.orderId,
          order.sentAt ?? null,
        ]),
      );
    }
  }
  return Counting;
}

const database = await new DataSource({ type: 'postgres', url: databaseUrl, poolSize: 10 }).initialize();

@Module({
  controllers: Array.from({ length: asked.groups }, (_, n) => subscriber(`group-${n + 1}`)),
  imports: [
    MessagingModule.forRoot({
      carriage: { carrier: 'kafka', outbox: TransactionalOutbox },
      inject: [],
      useFactory: () => ({
        app: 'shop',
        events: [OrderPlaced],
        unheard: [],
        deliveries: database,
        databaseUrl,
        kafka: {
          brokers: [process.env.KAFKA_BROKERS!],
          partitions: asked.partitions,
          replication: 1,
          retentionMs: 86_400_000,
          prefix: asked.prefix,
          maxWaitMs: 500,
        },
        runsRelay: false,
        runsSubscribers: true,
        handlerTimeoutMs: 20_000,
        retryForMs: 86_400_000,
        concurrency: asked.lanes,
      }),
    }),
  ],
})
class Subscribers {}

const app = await NestFactory.create(Subscribers, new FastifyAdapter(), { logger: ['error', 'warn'] });
const messaging = app.get(Messaging);
for (const strategy of messaging.connect()) app.connectMicroservice({ strategy });
await app.init();
await messaging.subscribe();
messaging.start(() => app.startAllMicroservices());
while (!messaging.state().ready) await pause(10);
process.send!('ready');
const stop = () => void app.close().then(() => process.exit(0));
process.on('SIGTERM', stop).on('disconnect', stop);
