import { openShop, type TestShop } from '../support/shop.js';
import { until } from '../support/until.js';

/** Each pause is up to twice as long as the one before: the sixth attempt comes after some ten seconds. */
const ATTEMPTS = 6;

describe('a provider that is away for longer than any number of attempts would last', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop('async');
  });
  afterAll(() => shop.close());

  it('is asked again when it is back: nothing waits for a person, and each order is charged once', async () => {
    const { customer, ledger } = shop;
    const user = await customer.register();
    await ledger.behave('payment', { mode: 'refuse' });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await customer.order(user.id)).body.id);
    const attempts = () =>
      shop.rows<{ attempts: number; dueAt: string }>(
        `SELECT attempts, due_at::text AS "dueAt" FROM parked_key WHERE subscriber = 'billing'`,
      );
    await until(
      `${ATTEMPTS} attempts for each order`,
      async () => {
        const lanes = await attempts();
        return lanes.length === ids.length && lanes.every((lane) => lane.attempts >= ATTEMPTS);
      },
      40_000,
    );
    expect((await attempts()).map(({ dueAt }) => dueAt)).not.toContain('infinity');

    await ledger.behave('payment');
    await shop.settled(40_000);
    expect(await shop.rows('SELECT 1 FROM parked')).toEqual([]);
    for (const id of ids) {
      expect((await customer.read(id)).status).toBe('shipped');
      expect(await ledger.deeds(id, 'charge')).toHaveLength(1);
    }
  }, 90_000);
});
