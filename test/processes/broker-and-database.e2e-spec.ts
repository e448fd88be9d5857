import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker, type Broker } from '../../local/kafka.js';
import { startPostgres, type Postgres } from '../../local/postgres.js';
import { COMM_MODES, readConfig } from '../../src/config.js';
import { createShop } from '../../src/create-shop.js';
import type { LedgerLine } from '../support/ledger.js';
import { Load } from '../support/load.js';
import { openShop, prepareEnvironment, TestShop } from '../support/shop.js';
import { until } from '../support/until.js';

/** A broker that was killed comes back to its groups within seconds; the machine may be busy with other things. */
const RECOVERY_MS = 50_000;
/** Consumers leave for 2 s, the relay tries for 5 s more, its producer and then all others say goodbye for 1 s each. */
const LONGEST_STOP_MS = 10_000;
const CUSTOMERS = 4;
const ORDERS = 15;

let dir: string;
let postgres: Postgres;
let broker: Broker;
let databases = 0;
let shop: TestShop;
const opened: TestShop[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'switchyard-servers-'));
  chmodSync(dir, 0o755); // root starts PostgreSQL as another user, who has to come through here
  const flags = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=on'];
  [postgres, broker] = await Promise.all([
    startPostgres({ dir: join(dir, 'postgres'), flags }),
    startBroker({ dir: join(dir, 'kafka') }),
  ]);
});
afterAll(async () => {
  await Promise.all([broker.kill9(), postgres.stop()]);
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => opened.pop()?.close());

/** The addresses of the servers of this file, with a database of its own. */
async function own(): Promise<Record<string, string>> {
  const database = `shop_${++databases}`;
  await postgres.ensureDatabase(database);
  return { DATABASE_URL: postgres.url(database), KAFKA_BROKERS: broker.brokers };
}

interface Readiness {
  ready: boolean;
  checks: Record<'database' | 'messaging' | 'admission', string>;
}
const readiness = async () => {
  const { status, body } = await shop.customer.get<Readiness>('/health/ready');
  return { status, ...body.checks };
};
const ready = { status: 200, database: 'ok', messaging: 'ok', admission: 'ok' };

/** Asserts that each of these orders has had every effect, and each of them once. */
async function expectAllOnce(orderIds: string[]): Promise<void> {
  const lines = await shop.ledger.lines();
  const deeds = (kind: LedgerLine['kind'], id: string) =>
    lines.filter((line) => line.kind === kind && (line.orderId === id || line.subject?.includes(id)) && !line.repeat)
      .length;
  for (const id of orderIds)
    expect({
      status: (await shop.customer.read(id)).status,
      charges: deeds('charge', id),
      bookings: deeds('booking', id),
      mails: deeds('mail', id),
    }).toEqual({ status: 'shipped', charges: 1, bookings: 1, mails: 2 });
  const sales = await shop.rows(`SELECT 1 FROM sales WHERE status = 'confirmed' AND order_id = ANY ($1)`, [orderIds]);
  expect(sales).toHaveLength(orderIds.length);
}

describe('Kafka', () => {
  it.each(COMM_MODES)('killed while orders are placed costs in %s what the mode says', async (mode) => {
    opened.push((shop = await openShop(mode, { env: await own() })));
    const { customer, guarantees } = shop;
    const user = await customer.register();
    await shop.settled();

    await broker.kill9();
    const answers = await Promise.all([1, 2, 3].map((n) => customer.order(user.id, n * 100)));
    expect(answers.every(({ status }) => status === 201)).toBe(guarantees.acknowledgedDuringOutageOf.includes('kafka'));
    const orderIds = answers.map(({ body }) => body.id);
    if (guarantees.needsBroker && guarantees.orderSurvivesDownModule) {
      const sentence = /Kafka does not take orders since \d+ s: \S+/;
      await until('readiness to say it', async () => sentence.test((await readiness()).messaging));
      expect((await readiness()).status).toBe(503);
      expect(await shop.rows(`SELECT DISTINCT key FROM outbox WHERE name = 'order.placed'`)).toHaveLength(3);
    }
    broker = await broker.restart();
    await until('readiness to be well', async () => (await readiness()).status === 200, RECOVERY_MS);
    await shop.settled(RECOVERY_MS);

    if (!guarantees.needsBroker || guarantees.orderSurvivesDownModule) await expectAllOnce(orderIds);
    else for (const id of orderIds) expect((await customer.read(id)).status).toBe('placed');
  });

  it('that is not up yet keeps no shop from starting and taking orders, and brings them when it comes', async () => {
    await broker.kill9();
    const { env, standIns, gate, dispose } = await prepareEnvironment('async', await own());
    const started = await createShop(readConfig(env));
    opened.push((shop = new TestShop('async', started, standIns, gate, env, dispose)));
    await until('readiness to say why', async () => (await readiness()).messaging.startsWith('Kafka at'));
    expect(await readiness()).toEqual({
      ...ready,
      status: 503,
      messaging: expect.stringMatching(new RegExp(`^Kafka at ${broker.brokers} does not answer: .+`)),
    });
    const user = await shop.customer.register();
    const { status, body } = await shop.customer.order(user.id);
    expect(status).toBe(201);

    broker = await broker.restart();
    await started.ready(RECOVERY_MS);
    await shop.settled(RECOVERY_MS);
    expect(await readiness()).toEqual(ready);
    await expectAllOnce([body.id]);
  });
});

describe('a shop that is told to stop', () => {
  it.each([
    ['killed', () => broker.kill9()],
    ['frozen', () => Promise.resolve(broker.freeze())],
  ])('is gone within seconds although its broker is %s, and loses nothing', async (_how, away) => {
    opened.push((shop = await openShop('async', { env: await own() })));
    const user = await shop.customer.register();
    await shop.settled();
    await away();
    const { status, body } = await shop.customer.order(user.id);
    expect(status).toBe(201);
    const begun = performance.now();
    await shop.shop.close();
    const tookMs = performance.now() - begun;
    await broker.kill9();
    broker = await broker.restart();
    expect(tookMs).toBeLessThan(LONGEST_STOP_MS);

    opened.pop();
    opened.push((shop = await shop.reopen()));
    await shop.settled(RECOVERY_MS);
    await expectAllOnce([body.id]);
  });
});

describe('PostgreSQL', () => {
  it.each(['async', 'sync', 'async-local'] as const)(
    'killed under load in %s refuses orders until it is back, and loses none that was acknowledged',
    async (mode) => {
      opened.push((shop = await openShop(mode, { env: await own() })));
      const users = await Promise.all(Array.from({ length: CUSTOMERS }, () => shop.customer.register()));
      await shop.settled();

      const load = new Load(
        shop,
        users.map(({ id }) => id),
      );
      await until(`${ORDERS} orders`, () => load.acknowledged.length >= ORDERS, RECOVERY_MS);
      await postgres.kill9();
      await until('orders to be refused', () => load.refusals.length > 0);
      await until('readiness to say it', async () =>
        (await readiness()).database.startsWith('PostgreSQL does not answer: '),
      );
      const before = load.acknowledged.length;
      postgres = await postgres.restart();
      await until(`${ORDERS} more orders`, () => load.acknowledged.length >= before + ORDERS, RECOVERY_MS);
      await load.stop();
      await shop.settled(RECOVERY_MS);

      const answer = { status: 503, code: 'database_unavailable', type: 'application/problem+json' };
      expect(load.refusals.filter((refusal) => JSON.stringify(refusal) !== JSON.stringify(answer))).toEqual([]);
      expect(await readiness()).toEqual(ready);
      const kept = await shop.rows<{ id: string }>(`SELECT id FROM orders`);
      expect(kept.map(({ id }) => id).sort()).toEqual([...load.acknowledged].sort());
      await expectAllOnce(load.acknowledged);
    },
  );
});
