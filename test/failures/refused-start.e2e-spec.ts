import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { z } from 'zod';
import { startPostgres } from '../../local/postgres.js';
import { readConfig } from '../../src/config.js';
import { OrderPlaced, type PlacedOrder } from '../../src/contracts/index.js';
import { createShop, type Shop, type ShopAdditions } from '../../src/create-shop.js';
import { Delivery, event, On, Subscriber } from '../../src/messaging/index.js';
import { prepareEnvironment } from '../support/shop.js';

let prepared: Awaited<ReturnType<typeof prepareEnvironment>>;
let shop: Shop | undefined;

beforeEach(async () => (prepared = await prepareEnvironment('async')));
afterEach(async () => {
  await shop?.close();
  shop = undefined;
  await prepared.dispose();
});

const boot = async (env: Record<string, string> = {}, additions?: ShopAdditions) =>
  (shop = await createShop(readConfig({ ...prepared.env, ...env }), additions));

/** The sentence with which a start is refused: before the shop listens, or when it has found its broker. */
async function refusal(env?: Record<string, string>, additions?: ShopAdditions): Promise<string> {
  try {
    await (await boot(env, additions)).ready();
  } catch (error) {
    const { message } = error as Error;
    expect(message).toMatch(/^[^\n]+[^\n.]\.$/);
    return message;
  }
  throw new Error('The shop started.');
}

async function inDatabase(sql: string): Promise<void> {
  const client = new pg.Client(prepared.env.DATABASE_URL);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

describe('a start is refused in one sentence that names the fix:', () => {
  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as AddressInfo;
    expect(await refusal({ PORT: String(port) })).toBe(
      `The port ${port} is in use: stop what uses it, or set PORT to another one.`,
    );
    other.close();
  });

  it.each([
    ['nobody listens there', (url: URL) => (url.port = '1'), 'ECONNREFUSED'],
    ['the password is wrong', (url: URL) => (url.password = 'wrong'), 'password authentication failed'],
    ['there is no such database', (url: URL) => (url.pathname = '/nowhere'), 'database "nowhere" does not exist'],
  ])('a DATABASE_URL where %s', async (_what, spoil, reason) => {
    const url = new URL(prepared.env.DATABASE_URL!);
    spoil(url);
    const sentence = await refusal({ DATABASE_URL: url.href });
    expect(sentence).toMatch(/^DATABASE_URL leads to no usable PostgreSQL \(.+\): start it, or correct the URL\.$/);
    expect(sentence).toContain(reason);
    expect(sentence).not.toContain(url.password);
  });

  it('a database that forgets what it has acknowledged', async () => {
    const database = new URL(prepared.env.DATABASE_URL!).pathname.slice(1);
    await inDatabase(`ALTER DATABASE ${database} SET synchronous_commit = off`);
    expect(await refusal()).toBe(
      'synchronous_commit is off, a crash would lose orders that were answered: switch it on.',
    );
  });

  it('a database that has no room for the connections of its roles', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'switchyard-small-'));
    chmodSync(dir, 0o755); // root starts PostgreSQL as another user, who has to come through here
    const small = await startPostgres({ dir, flags: ['fsync=off', 'max_connections=20'] });
    try {
      await small.ensureDatabase('shop');
      expect(await refusal({ DATABASE_URL: small.url('shop') })).toMatch(
        /^max_connections is 20, of which 3 are reserved and \d+ in use, and this process needs 24: raise max_connections, or stop what is not needed\.$/,
      );
      // One that does less fits in.
      await boot({ DATABASE_URL: small.url('shop'), ROLES: 'relay', CACHE: 'off' });
      await shop!.close();
    } finally {
      await small.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('another number of partitions than at the first start', async () => {
    await (await boot()).ready();
    await shop!.close();
    expect(await refusal({ KAFKA_PARTITIONS: '3' })).toMatch(
      /^The topic \S+ is written with 2 partitions and KAFKA_PARTITIONS says 3: set it back to 2\.$/,
    );
  });

  it.each([
    [
      'is compacted',
      { 'cleanup.policy': 'compact' },
      /is compacted and would lose events: set cleanup\.policy=delete\.$/,
    ],
    ['takes too small batches', { 'max.message.bytes': '100000' }, /set max\.message\.bytes to 1048588 or more\.$/],
  ])('a topic that %s', async (_what, settings, sentence) => {
    await makeTopic('orders', 2, settings);
    expect(await refusal()).toMatch(sentence);
  });

  it('a topic with fewer partitions than it is written with', async () => {
    await makeTopic('orders', 1);
    expect(await refusal()).toBe('The topic orders has 1 partitions and needs 2: add them on the broker.');
  });
});

async function makeTopic(name: string, numPartitions: number, settings: Record<string, string> = {}): Promise<void> {
  const kafka = new Kafka({ brokers: [prepared.env.KAFKA_BROKERS!], logLevel: logLevel.NOTHING });
  const configEntries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: prepared.env.TOPIC_PREFIX + name, numPartitions, configEntries }] });
  await admin.disconnect();
}

const OrderFramed = event({
  name: 'order.framed',
  version: 1,
  topic: 'orders',
  key: (order) => order.orderId,
  sequence: () => 1,
  schema: z.object({ orderId: z.uuid() }),
});

@Subscriber('framing', { from: 'now' })
class FramingSubscriber {
  @On(OrderFramed) onOrderFramed(@Payload() _order: { orderId: string }, @Ctx() delivery: Delivery) {
    return delivery.once(() => Promise.resolve());
  }
}
@Subscriber('billing', { from: 'now' })
class SecondBilling {
  @On(OrderPlaced) onOrderPlaced(@Payload() _order: PlacedOrder, @Ctx() delivery: Delivery) {
    return delivery.once(() => Promise.resolve());
  }
}
@Module({ controllers: [FramingSubscriber] })
class FramingModule {}
@Module({ controllers: [SecondBilling] })
class SecondBillingModule {}

describe('a subscriber that would lose events refuses to start:', () => {
  it('two handlers of one event', () => {
    const declare = () => {
      @Subscriber('twice', { from: 'now' })
      class Twice {
        @On(OrderPlaced) one(_order: PlacedOrder, delivery: Delivery) {
          return delivery.once(() => Promise.resolve());
        }
        @On(OrderPlaced) two(_order: PlacedOrder, delivery: Delivery) {
          return delivery.once(() => Promise.resolve());
        }
      }
      return Twice;
    };
    expect(declare).toThrow('twice hears order.placed twice: put both reactions into one handler.');
  });

  it('an event that nobody publishes', async () => {
    expect(await refusal({}, { modules: [FramingModule] })).toBe(
      'framing hears order.framed, which nobody publishes: add it to the list of events.',
    );
  });

  it('an event that nobody hears', async () => {
    expect(await refusal({}, { events: [OrderFramed] })).toBe(
      'Nobody hears order.framed: write a handler @On it, or add it to the list of unheard events.',
    );
  });

  it('two subscribers of one name', async () => {
    expect(await refusal({}, { modules: [SecondBillingModule] })).toBe(
      'Two subscribers are called billing: give one of them another name.',
    );
  });

  it('a subscriber that is to run and does not exist', async () => {
    expect(await refusal({ SUBSCRIBERS: 'billing,framing', CACHE: 'off' })).toBe(
      'SUBSCRIBERS names framing: the subscribers are analytics, billing, cache, contacts, notifications, orders, shipping.',
    );
  });
});
