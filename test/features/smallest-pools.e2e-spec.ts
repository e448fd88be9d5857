import { COMM_MODES } from '../../src/config.js';
import { openShop, type TestShop } from '../support/shop.js';

let shop: TestShop | undefined;
afterEach(() => shop?.close());

it.each(COMM_MODES)('%s takes and finishes every order with one connection in each pool', async (mode) => {
  const pools = { API_CONNECTIONS: '1', SUBSCRIBER_CONNECTIONS: '1' };
  const env = mode === 'sync' ? { ...pools, SYNC_OPTIONAL: 'notifications,analytics,cache' } : pools;
  shop = await openShop(mode, { env });
  const user = await shop.customer.register();
  const answers = await Promise.all(Array.from({ length: 12 }, () => shop!.customer.order(user.id)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  await shop.settled();
  expect(await shop.rows(`SELECT 1 FROM orders WHERE status = 'shipped'`)).toHaveLength(12);
  expect(await shop.rows(`SELECT 1 FROM parked`)).toEqual([]);
});
