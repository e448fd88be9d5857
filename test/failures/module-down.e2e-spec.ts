import { randomUUID } from 'node:crypto';
import type { Neighbour } from '../../src/designs/guarantees.js';
import { CACHE_STORE, type CacheStore } from '../../src/modules/cache/cache-store.js';
import { inEveryMode, type TestShop } from '../support/shop.js';
import { until } from '../support/until.js';

interface Outage {
  neighbour: Neighbour;
  /** What an order does not get where nobody repeats the call. */
  missing: string;
  /** How a request is refused that cannot go on without it. */
  refusal: { status: number; code: string };
  begin(shop: TestShop): Promise<unknown>;
  end(shop: TestShop): Promise<unknown>;
}

const unavailable = { status: 503, code: 'provider_unavailable' };
const dead = (target: 'payment' | 'carrier' | 'smtp', mode: 'refuse' | 'hang') => ({
  refusal: unavailable,
  begin: (shop: TestShop) => shop.ledger.behave(target, { mode }),
  end: (shop: TestShop) => shop.ledger.behave(target),
});

const OUTAGES: [what: string, outage: Outage][] = [
  [
    'the payment provider hangs up',
    { neighbour: 'billing', missing: 'payment.captured', ...dead('payment', 'refuse') },
  ],
  ['the payment provider hangs', { neighbour: 'billing', missing: 'payment.captured', ...dead('payment', 'hang') }],
  ['the carrier hangs up', { neighbour: 'shipping', missing: 'shipment.scheduled', ...dead('carrier', 'refuse') }],
  ['the mail server refuses', { neighbour: 'notifications', missing: 'mail.sent', ...dead('smtp', 'refuse') }],
  ['the mail server hangs', { neighbour: 'notifications', missing: 'mail.sent', ...dead('smtp', 'hang') }],
  [
    'analytics cannot write its table',
    {
      neighbour: 'analytics',
      missing: 'sale.recorded',
      // A defect of a module that has nothing to do with the order, and yet the order's.
      refusal: { status: 500, code: 'internal_error' },
      begin: (shop) => shop.rows('ALTER TABLE sales RENAME TO sales_away'),
      end: (shop) => shop.rows('ALTER TABLE sales_away RENAME TO sales'),
    },
  ],
];

/** What every order causes that is paid and shipped. */
const ALL = [
  ...['invoice.opened', 'mail.sent', 'mail.sent', 'order.confirmed', 'order.placed', 'order.shipped'],
  ...['payment.captured', 'sale.recorded', 'shipment.scheduled'],
];
/** Rows that an order of a user leaves. */
const TRACES = [
  'orders WHERE user_id = $1',
  'invoices WHERE user_id = $1',
  'sales WHERE user_id = $1',
  `mails WHERE user_id = $1 AND template <> 'welcome'`,
  'shipments WHERE $1::uuid IS NOT NULL AND order_id NOT IN (SELECT id FROM orders)',
  'idempotency_key WHERE $1::uuid IS NOT NULL AND order_id NOT IN (SELECT id FROM orders)',
];

const effects = async ({ customer }: TestShop, orderId: string) =>
  (await customer.timeline(orderId)).effects.map(({ effect }) => effect).sort();

async function expectComplete(shop: TestShop, orderId: string, email: string): Promise<void> {
  expect(await effects(shop, orderId)).toEqual(ALL);
  expect(await shop.ledger.deeds(orderId, 'charge')).toHaveLength(1);
  expect(await shop.ledger.deeds(orderId, 'booking')).toHaveLength(1);
  expect(new Set((await shop.ledger.mails(email)).map(({ messageId }) => messageId)).size).toBe(3);
}

inEveryMode(
  (open, mode) => {
    it.each(OUTAGES)('while %s, an order is acknowledged or refused as the mode promises', async (_what, outage) => {
      const shop = open();
      const { customer, guarantees } = shop;
      const user = await customer.register();
      await shop.settled();
      const headers = { 'idempotency-key': randomUUID() };

      await outage.begin(shop);
      const answer = await customer.order(user.id, 2500, headers);
      const acknowledged = guarantees.acknowledgedDuringOutageOf.includes(outage.neighbour);
      if (acknowledged) {
        expect(answer.status).toBe(201);
        await met(shop, outage.neighbour);
        expect(await effects(shop, answer.body.id)).toContain('order.placed');
        expect((await effects(shop, answer.body.id)).filter((effect) => effect === outage.missing)).toEqual([]);
      }
      await outage.end(shop);
      await shop.settled();

      if (acknowledged && guarantees.orderSurvivesDownModule) await expectComplete(shop, answer.body.id, user.email);
      else if (acknowledged) await expectLost(shop, answer.body.id, outage.missing);
      else if (mode === 'sync') await expectRolledBack(shop, user, answer, outage, headers);
      else await expectKeptIncomplete(shop, user, answer, outage, headers);
    });

    it('while the cache is down, an order is taken, and nobody is shown an old list', async () => {
      const shop = open();
      const { customer, guarantees } = shop;
      const user = await customer.register();
      await shop.settled();
      await customer.get(`/users/${user.id}/orders`);
      const { cache } = shop.shop.app.get<CacheStore>(CACHE_STORE, { strict: false });
      const down = (['get', 'set'] as const).map((method) =>
        jest.spyOn(cache, method).mockRejectedValue(new Error('The cache is away.')),
      );
      const { status, body } = await customer.order(user.id);
      await shop.settled();
      const list = await customer.get<{ orders: { id: string }[] }>(`/users/${user.id}/orders`);
      down.forEach((spy) => spy.mockRestore());

      expect(guarantees.acknowledgedDuringOutageOf.includes('cache')).toBe(status === 201);
      expect(list.body.orders.map(({ id }) => id)).toEqual([body.id]);
      await expectComplete(shop, body.id, user.email);
    });
  },
  { env: { PROVIDER_TIMEOUT: '1s', SMTP_TIMEOUT: '1s' } },
);

/** Waits until the module that is down was asked, and what became of it is written down. */
function met(shop: TestShop, subscriber: string): Promise<void> {
  if (!shop.guarantees.orderSurvivesDownModule) return shop.settled();
  const parked = () => shop.rows(`SELECT 1 FROM parked_key WHERE subscriber = $1`, [subscriber]);
  return until(`a parked delivery of ${subscriber}`, async () => (await parked()).length > 0);
}

type User = { id: string; email: string };
type Refused = { status: number; body: unknown };

/** Tried, logged and passed over: what is up again is not asked again. */
async function expectLost(shop: TestShop, orderId: string, missing: string): Promise<void> {
  const found = await effects(shop, orderId);
  expect(found).toContain('order.placed');
  expect(found).not.toContain(missing);
}

/** Refused, nothing kept; what was charged is not charged again when the client repeats. */
async function expectRolledBack(
  shop: TestShop,
  user: User,
  refused: Refused,
  outage: Outage,
  headers: Record<string, string>,
) {
  expect(refused).toMatchObject({ status: outage.refusal.status, body: { code: outage.refusal.code } });
  for (const trace of TRACES) expect(await shop.rows(`SELECT * FROM ${trace}`, [user.id])).toEqual([]);
  const repeat = await shop.customer.order(user.id, 2500, headers);
  expect(repeat).toMatchObject({ status: 201, body: { status: 'shipped' } });
  await expectComplete(shop, repeat.body.id, user.email);
}

/** Kept, and said so; the calls after the one that failed are not made, and a repeat does not make them either. */
async function expectKeptIncomplete(
  shop: TestShop,
  user: User,
  refused: Refused,
  outage: Outage,
  headers: Record<string, string>,
) {
  const [order] = await shop.rows<{ id: string }>(`SELECT id FROM orders WHERE user_id = $1`, [user.id]);
  expect(refused).toMatchObject({ status: 503, body: { code: 'effects_incomplete', orderId: order!.id } });
  const found = await effects(shop, order!.id);
  expect(found).toContain('order.placed');
  expect(found).not.toContain(outage.missing);
  expect(found).not.toContain('sale.recorded');

  expect(await shop.customer.order(user.id, 2500, headers)).toMatchObject({ status: 201, body: { id: order!.id } });
  expect(await effects(shop, order!.id)).toEqual(found);
}
