import { readConfig, type CommMode } from '../../src/config.js';
import { createShop, type Shop } from '../../src/create-shop.js';
import { Customer } from '../support/customer.js';
import { Ledger } from '../support/ledger.js';
import { prepareEnvironment } from '../support/shop.js';

/** Starts one mode after another on the same database. */
async function inTurn(work: (start: (mode: CommMode) => Promise<Shop>, ledger: Ledger) => Promise<void>) {
  const { env, standIns, dispose } = await prepareEnvironment('async');
  let running: Shop | undefined;
  const start = async (mode: CommMode) => {
    running = await createShop(readConfig({ ...env, COMM_MODE: mode }));
    await running.ready();
    return running;
  };
  try {
    await work(start, new Ledger(standIns));
  } finally {
    await running?.close();
    await dispose();
  }
}

describe('toggling COMM_MODE', () => {
  it.each([
    ['async', 'sync'],
    ['async', 'async-local'],
    ['async-local', 'async'],
  ] as const)('from %s to %s finishes what was begun, once', async (before, after) => {
    await inTurn(async (start, ledger) => {
      let shop = await start(before);
      let customer = new Customer(shop.url);
      const user = await customer.register();
      await shop.settled();
      // The payment provider is away: what follows is left in the outbox, the topic and the lanes.
      await ledger.behave('payment', { mode: 'refuse' });
      const orders = await Promise.all([1, 2, 3].map(async (n) => (await customer.order(user.id, n * 100)).body.id));
      await shop.close();
      await ledger.behave('payment');

      shop = await start(after);
      customer = new Customer(shop.url);
      await shop.settled();
      for (const id of orders) {
        expect((await customer.read(id)).status).toBe('shipped');
        expect(await ledger.deeds(id, 'charge')).toHaveLength(1);
      }
      expect((await customer.order(user.id)).status).toBe(201);
      await shop.settled();
    });
  });

  it('refuses a second process in another mode, naming both', async () => {
    await inTurn(async (start) => {
      await start('async-local');
      await expect(start('sync')).rejects.toThrow(/COMM_MODE=async-local .* before you start in sync/);
    });
  });

  it('refuses a second process while one of them caches in its own memory', async () => {
    await inTurn(async (start) => {
      await start('sync');
      await expect(start('sync')).rejects.toThrow(/a cache in memory hears nothing of it: set REDIS_URL, or CACHE=off/);
    });
  });
});
