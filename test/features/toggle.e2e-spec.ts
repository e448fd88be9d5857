import { freePort } from '../../local/ports.js';
import { readConfig, type CommMode } from '../../src/config.js';
import { createShop, type Shop } from '../../src/create-shop.js';
import { drain } from '../../src/drain.js';
import { Settlement } from '../../src/messaging/index.js';
import { Customer } from '../support/customer.js';
import { Ledger } from '../support/ledger.js';
import { prepareEnvironment } from '../support/shop.js';
import { announceSpoiled, rowsOf } from '../support/spoiled.js';
import { until } from '../support/until.js';

const BEARER = { authorization: 'Bearer a-token-for-tests-only' };
const HEARERS_OF_PLACED = 4;

/** One database with its topics and providers, on which one shop after another runs. */
interface Place {
  env: Record<string, string>;
  ledger: Ledger;
  /** Starts a shop and waits until events can flow; the test closes it before the next one. */
  start(mode: CommMode, env?: Record<string, string>): Promise<Shop>;
}

async function inTurn(work: (place: Place) => Promise<void>) {
  const { env, standIns, dispose } = await prepareEnvironment('async');
  let running: Shop | undefined;
  const start = async (mode: CommMode, extra: Record<string, string> = {}) => {
    running = await createShop(readConfig({ ...env, ...extra, COMM_MODE: mode }));
    await running.ready();
    return running;
  };
  try {
    await work({ env, ledger: new Ledger(standIns), start });
  } finally {
    await running?.close();
    await dispose();
  }
}

/** Orders of which one stands in a lane, one in a topic and one in the outbox when the last process is gone. */
async function leaveBehind({ env, ledger, start }: Place, userId: string): Promise<string[]> {
  const leftBy = async (roles: string, left: (shop: Shop) => Promise<boolean>) => {
    const shop = await start('async', { ROLES: roles, CACHE: 'off' });
    const { body } = await new Customer(shop.url).order(userId);
    await until(`the order to be left by ${roles}`, () => left(shop));
    await shop.close();
    return body.id;
  };
  const count = async (sql: string) => (await rowsOf<{ n: number }>(env.DATABASE_URL!, sql))[0]!.n;
  const outbox = () => count(`SELECT count(*)::int AS n FROM outbox`);
  await ledger.behave('payment', { mode: 'refuse' });
  const orders = [
    await leftBy('api,relay,subscribers', async () => {
      return (await count(`SELECT count(*)::int AS n FROM parked WHERE subscriber = 'billing'`)) === 1;
    }),
    await leftBy('api,relay', async (shop) => {
      const lags = await shop.app.get(Settlement).lags();
      return (await outbox()) === 0 && lags.some(({ subscriber, lag }) => subscriber === 'billing' && lag > 0);
    }),
    await leftBy('api', async () => (await outbox()) === 1),
  ];
  await ledger.behave('payment');
  return orders;
}

describe('toggling COMM_MODE', () => {
  it.each([
    ['sync', 'sync'],
    ['async', 'async-local'],
  ] as const)('from %s to async to %s finishes rows, unread records and parked keys, once', async (before, after) => {
    await inTurn(async (place) => {
      const { env, ledger, start } = place;
      let shop = await start(before);
      const user = await new Customer(shop.url).register();
      const first = await new Customer(shop.url).order(user.id);
      expect(first.status).toBe(201);
      await shop.settled();
      await shop.close();

      const orders = [first.body.id, ...(await leaveBehind(place, user.id))];

      shop = await start(after);
      const left = `SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM parked) AS left`;
      expect(await rowsOf(env.DATABASE_URL!, left)).toEqual([{ left: '0' }]);
      const customer = new Customer(shop.url);
      orders.push((await customer.order(user.id)).body.id);
      await shop.settled();
      for (const id of orders) {
        expect((await customer.read(id)).status).toBe('shipped');
        expect(await ledger.deeds(id, 'charge')).toHaveLength(1);
        expect(await ledger.deeds(id, 'booking')).toHaveLength(1);
      }
      expect(await ledger.subjects(user.email)).toHaveLength(1 + 2 * orders.length);
    });
  });

  it('from async-local to async finishes what was begun, once', async () => {
    await inTurn(async ({ ledger, start }) => {
      let shop = await start('async-local');
      let customer = new Customer(shop.url);
      const user = await customer.register();
      await shop.settled();
      await ledger.behave('payment', { mode: 'refuse' });
      const orders = await Promise.all([1, 2, 3].map(async (n) => (await customer.order(user.id, n * 100)).body.id));
      await shop.close();
      await ledger.behave('payment');

      shop = await start('async');
      customer = new Customer(shop.url);
      await shop.settled();
      for (const id of orders) {
        expect((await customer.read(id)).status).toBe('shipped');
        expect(await ledger.deeds(id, 'charge')).toHaveLength(1);
      }
    });
  });

  it('counts down in readiness while it drains, and refuses orders with 503', async () => {
    await inTurn(async ({ env, ledger, start }) => {
      let shop = await start('async');
      const user = await new Customer(shop.url).register();
      await shop.settled();
      await ledger.behave('payment', { mode: 'refuse' });
      await new Customer(shop.url).order(user.id);
      await until('the charge to be parked', async () => (await shop.reading()).missing.join().includes('retried'));
      await shop.close();

      const port = String(await freePort());
      const said: string[] = [];
      const starting = createShop(readConfig({ ...env, COMM_MODE: 'sync', PORT: port }), {}, (step) => said.push(step));
      const customer = new Customer(`http://127.0.0.1:${port}`);
      try {
        await until('readiness to count one delivery', async () => {
          const ready = await customer.get('/health/ready').catch(() => undefined);
          return ready?.status === 503 && JSON.stringify(ready.body).includes('draining 1 delivery of async');
        });
        const refused = await customer.order(user.id);
        expect(refused).toMatchObject({ status: 503, body: { code: 'draining' } });
        expect((refused.body as unknown as { detail: string }).detail).toContain('draining 1 delivery of async');
        expect(refused.headers.get('retry-after')).toBe('2');
      } finally {
        await ledger.behave('payment');
        shop = await starting;
      }
      try {
        expect(said[0]).toMatch(/^draining (the|\d+) deliver(y|ies) of async \(.+\)$/);
        expect((await customer.get('/health/ready')).status).toBe(200);
        expect((await customer.order(user.id)).body.status).toBe('shipped');
      } finally {
        await shop.close();
      }
    });
  });

  it('to a sync mode is refused while a delivery waits for a person, until a drain accepts it', async () => {
    await inTurn(async ({ env, ledger, start }) => {
      let shop = await start('async');
      await announceSpoiled(env.DATABASE_URL!);
      await shop.settled();
      const waiting = () =>
        rowsOf(
          env.DATABASE_URL!,
          `SELECT id FROM parked JOIN parked_key USING (subscriber, topic, key)
        WHERE due_at = 'infinity' ORDER BY id`,
        );
      const parked = await waiting();
      expect(parked.length).toBeGreaterThanOrEqual(HEARERS_OF_PLACED);
      await shop.close();

      const refusal = new RegExp(
        `^${parked.length} lanes wait for a person \\((\\d+ of \\w+(, )?){${parked.length}}\\): start in COMM_MODE=async and redrive or delete them ` +
          `with npm run parked, or accept them with npm run drain -- --leave-parked\\.$`,
      );
      await expect(start('sync')).rejects.toThrow(refusal);
      const config = readConfig({ ...env, COMM_MODE: 'sync' });
      await expect(drain(config)).rejects.toThrow(refusal);
      expect(await drain(config, { leaveParked: true })).toBe('async');

      // Nothing of the former mode is asked for any more, not even its broker.
      shop = await start('sync', { KAFKA_BROKERS: '' });
      const customer = new Customer(shop.url);
      const user = await customer.register();
      expect((await customer.order(user.id)).body.status).toBe('shipped');
      const redrive = await customer.request('POST', '/admin/parked/redrive', { code: 'contract_broken' }, BEARER);
      expect(redrive).toMatchObject({ status: 409, body: { code: 'mode_has_no_deliveries' } });
      await shop.close();

      shop = await start('async');
      const { body } = await new Customer(shop.url).order(user.id);
      await shop.settled();
      expect(await ledger.deeds(body.id, 'charge')).toHaveLength(1);
      expect(await waiting()).toEqual(parked);
    });
  });

  it('finishes with npm run drain what a start could not, and leaves the database to any mode', async () => {
    await inTurn(async (place) => {
      const { env, ledger, start } = place;
      let shop = await start('async');
      const user = await new Customer(shop.url).register();
      await shop.settled();
      await shop.close();
      const orders = await leaveBehind(place, user.id);

      await expect(start('async-local', { KAFKA_BROKERS: '' })).rejects.toThrow(
        /^This database was last driven in COMM_MODE=async: set KAFKA_BROKERS and run npm run drain, /,
      );
      expect(await drain(readConfig({ ...env, COMM_MODE: 'sync' }))).toBe('async');
      expect(await drain(readConfig({ ...env, COMM_MODE: 'sync' }))).toBeUndefined();

      shop = await start('async-local', { KAFKA_BROKERS: '' });
      for (const id of orders) {
        expect((await new Customer(shop.url).read(id)).status).toBe('shipped');
        expect(await ledger.deeds(id, 'charge')).toHaveLength(1);
      }
    });
  });

  it('refuses a second process in another mode, naming both, and a drain while one runs', async () => {
    await inTurn(async ({ env, start }) => {
      const shop = await start('async-local');
      const second = createShop(readConfig({ ...env, COMM_MODE: 'sync' }));
      await expect(second).rejects.toThrow(/COMM_MODE=async-local .* before you start in sync/);
      await expect(drain(shop.config)).rejects.toThrow(
        /COMM_MODE=async-local works on this database: stop it first\.$/,
      );
    });
  });

  it('lets processes that start together all come up', async () => {
    await inTurn(async ({ env }) => {
      const config = () => readConfig({ ...env, COMM_MODE: 'sync', CACHE: 'off' });
      const shops = await Promise.all([1, 2, 3].map(() => createShop(config())));
      for (const shop of shops) await shop.close();
      expect(shops.map(({ url }) => url)).toHaveLength(3);
    });
  });

  it('refuses a second process while one of them caches in its own memory', async () => {
    await inTurn(async ({ env, start }) => {
      await start('sync');
      const second = createShop(readConfig({ ...env, COMM_MODE: 'sync' }));
      await expect(second).rejects.toThrow(/a cache in memory hears nothing of it: set REDIS_URL, or CACHE=off/);
    });
  });
});
