import { randomUUID } from 'node:crypto';
import { DECLINED_AMOUNT } from '../support/customer.js';
import { inEveryMode } from '../support/shop.js';
import { traces } from '../support/traces.js';

inEveryMode((open) => {
  it('refuses an order whose card is declined and keeps nothing, or takes it and tells the user later', async () => {
    const { customer, ledger, guarantees } = open();
    const user = await customer.register();
    await open().settled();
    const before = await traces(open());
    const id = randomUUID();
    const answer = await customer.order(user.id, DECLINED_AMOUNT, {}, id);
    await open().settled();

    expect(await ledger.deeds(id, 'charge')).toMatchObject([{ status: 'declined', amount: DECLINED_AMOUNT }]);
    expect(await ledger.deeds(id, 'booking')).toEqual([]);
    if (guarantees.declinedCard === 'refused') {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer).toMatchObject({ status: 402, body: { code: 'payment_declined', status: 402 } });
      expect((await traces(open())).tables).toEqual(before.tables);
      expect(await ledger.subjects(user.email)).toEqual(['Welcome to the shop']);
      return;
    }
    expect(answer.status).toBe(201);
    expect((await customer.read(id)).status).toBe('payment_declined');
    const invoices = await open().rows(`SELECT status, reason FROM invoices WHERE order_id = $1`, [id]);
    expect(invoices).toEqual([{ status: 'declined', reason: 'card_declined' }]);
    expect(await open().rows(`SELECT id FROM shipments WHERE order_id = $1`, [id])).toEqual([]);
    expect((await ledger.subjects(user.email)).slice(1)).toEqual([
      `We have your order ${id}`,
      `Your payment for order ${id} was declined`,
    ]);
    const story = (await customer.timeline(id)).effects.map(({ effect }) => effect);
    expect(story.indexOf('order.payment_declined')).toBeGreaterThan(story.indexOf('payment.declined'));
  });

  it('counts no declined order as a sale, and lets the user order again', async () => {
    const { customer } = open();
    const user = await customer.register();
    await customer.order(user.id, DECLINED_AMOUNT);
    const { id } = (await customer.order(user.id, 2500)).body;
    await open().settled();

    expect((await customer.read(id)).status).toBe('shipped');
    const { topCustomers } = (await customer.get<{ topCustomers: unknown[] }>('/analytics/sales')).body;
    expect(topCustomers).toContainEqual({ userId: user.id, currency: 'EUR', orders: 1, revenue: 2500 });
  });

  it('answers a repeat of a declined order under its key with the same outcome, and asks for no second charge', async () => {
    const { customer, ledger } = open();
    const user = await customer.register();
    const id = randomUUID();
    const place = () => customer.order(user.id, DECLINED_AMOUNT, { 'idempotency-key': `declined-${id}` }, id);
    const first = await place();
    await open().settled();
    const second = await place();
    await open().settled();

    expect(second.status).toBe(first.status);
    expect(await ledger.deeds(id, 'charge')).toHaveLength(1);
    const kept = await open().rows(`SELECT status FROM orders WHERE user_id = $1`, [user.id]);
    expect(kept).toEqual(open().guarantees.declinedCard === 'refused' ? [] : [{ status: 'payment_declined' }]);
  });
});
