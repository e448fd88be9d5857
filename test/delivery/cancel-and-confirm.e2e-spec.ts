import { v7, Transactions, type Effects } from '../../src/messaging/index.js';
import { OrderPaymentService } from '../../src/modules/orders/order-payment.service.js';
import { OrdersService } from '../../src/modules/orders/orders.service.js';
import { openShop, type TestShop } from '../support/shop.js';

const ORDERS = 1000;
const SIDE_BY_SIDE = 4;

describe('an order that is cancelled and confirmed at the same moment, 1,000 times', () => {
  let shop: TestShop;
  // Nobody relays: what was announced stays in the outbox, to be looked at.
  beforeAll(async () => {
    shop = await openShop('async', { env: { ROLES: 'api', CACHE: 'off' } });
  });
  afterAll(() => shop.close());

  it('is cancelled in the end, and its events tell the one story that its row tells', async () => {
    const { app } = shop.shop;
    const [orders, payments, transactions] = [
      app.get(OrdersService),
      app.get(OrderPaymentService),
      app.get(Transactions),
    ];
    const { id: userId } = await shop.customer.register();
    const effects = { once: (work) => transactions.run(work) } as Pick<Effects, 'once'> as Effects;

    async function race(round: number): Promise<void> {
      const lines = [{ sku: 'TEA-1', quantity: 1, unitPrice: 100 }];
      const { id } = await orders.place({ userId, lines, currency: 'EUR' });
      const payment = { orderId: id, invoiceId: v7(), amount: 100, currency: 'EUR', sequence: 1 };
      const both = [() => payments.confirm(payment, effects), () => orders.cancel(id)];
      if (round % 2) both.reverse();
      await Promise.all(both.map((start) => start()));
    }
    let next = 0;
    const racer = async () => {
      while (next < ORDERS) await race(next++);
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, racer));

    const told = await shop.rows<{ status: string; sequence: number; story: string; times: number }>(
      `SELECT status, o.sequence, story, count(*)::int AS times
       FROM orders o JOIN (SELECT key, string_agg(name || ' ' || sequence, ', ' ORDER BY seq) AS story FROM outbox
                           WHERE topic = 'orders' GROUP BY key) e ON e.key = o.id::text
       GROUP BY 1, 2, 3 ORDER BY 2`,
    );
    expect(told.map(({ times: _, ...rest }) => rest)).toEqual([
      { status: 'cancelled', sequence: 2, story: 'order.placed 1, order.cancelled 2' },
      { status: 'cancelled', sequence: 3, story: 'order.placed 1, order.confirmed 2, order.cancelled 3' },
    ]);
    expect(told[0]!.times + told[1]!.times).toBe(ORDERS);
  });
});
