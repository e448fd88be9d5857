import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareKafka, startBroker, type Broker } from '../../local/kafka.js';
import { startPostgres, type Postgres } from '../../local/postgres.js';
import { openShop, type TestShop } from '../support/shop.js';
import { until } from '../support/until.js';

interface Readiness {
  ready: boolean;
  checks: { database: string; messaging: string };
}

const readiness = async (shop: TestShop) => (await shop.customer.get<Readiness>('/health/ready')).body;

async function expectComplete(shop: TestShop, orders: string[]): Promise<void> {
  const rows = await shop.rows<{ id: string }>(
    `SELECT o.id FROM orders o JOIN invoices i ON i.order_id = o.id JOIN shipments s ON s.order_id = o.id
       JOIN sales a ON a.order_id = o.id WHERE o.status = 'shipped'
       AND (SELECT count(*) FROM mails WHERE subject_id = o.id) = 2 AND o.id = ANY($1)`,
    [orders],
  );
  expect(rows.map((row) => row.id).sort()).toEqual([...orders].sort());
  const lines = await shop.ledger.lines();
  for (const id of orders)
    expect(lines.filter((line) => line.kind === 'charge' && line.orderId === id && !line.repeat)).toHaveLength(1);
}

describe('when a neighbour dies', () => {
  let dir: string;
  let broker: Broker;
  let postgres: Postgres;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'switchyard-outages-'));
    chmodSync(dir, 0o755);
    await prepareKafka();
    const extra = { 'broker.session.timeout.ms': 1000, 'broker.heartbeat.interval.ms': 300 };
    [broker, postgres] = await Promise.all([
      startBroker({ dir: join(dir, 'kafka'), extra }),
      startPostgres({ dir: join(dir, 'postgres'), flags: ['synchronous_commit=on', 'max_connections=200'] }),
    ]);
    await postgres.ensureDatabase('shop');
  });
  afterAll(async () => {
    await Promise.all([broker.stop(), postgres.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });

  it('async acknowledges orders while Kafka is killed, says so, and delivers each once when it is back', async () => {
    const shop = await openShop('async', { env: { KAFKA_BROKERS: broker.brokers } });
    try {
      const user = await shop.customer.register();
      await shop.settled();
      await broker.kill9();
      const orders: string[] = [];
      for (let n = 1; n <= 5; n++) {
        const answer = await shop.customer.order(user.id, n * 100);
        expect(answer.status).toBe(201);
        orders.push(answer.body.id);
      }
      expect(await shop.rows(`SELECT 1 FROM outbox`)).toHaveLength(5);
      await until('readiness to say that Kafka is away', async () =>
        /Kafka/.test((await readiness(shop)).checks.messaging),
      );

      broker = await broker.restart();
      await shop.settled(60_000);
      await expectComplete(shop, orders);
      expect((await readiness(shop)).ready).toBe(true);
    } finally {
      await shop.close();
    }
  }, 120_000);

  it.each(['sync', 'async'] as const)(
    '%s refuses with 503 while PostgreSQL is away, survives, and loses nothing that was acknowledged',
    async (mode) => {
      const env = { DATABASE_URL: postgres.url('shop'), KAFKA_BROKERS: broker.brokers };
      const shop = await openShop(mode, { env });
      try {
        const user = await shop.customer.register();
        const orders: string[] = [];
        const statuses = new Set<number>();
        let placing = true;
        const customer = (async () => {
          while (placing) {
            const { status, body } = await shop.customer.order(user.id, 500);
            statuses.add(status);
            if (status === 201) orders.push(body.id);
          }
        })();
        await until('orders to be acknowledged', () => orders.length >= 5);
        await postgres.kill9();
        await until('orders to be refused', () => statuses.has(503));
        postgres = await postgres.restart();
        const before = orders.length;
        await until('orders to be acknowledged again', () => orders.length >= before + 5, 30_000);
        placing = false;
        await customer;
        await shop.settled(60_000);

        expect([...statuses].sort()).toEqual([201, 503]);
        await expectComplete(shop, orders);
        await until('readiness', async () => (await readiness(shop)).ready);
      } finally {
        await shop.close();
      }
    },
    180_000,
  );
});
