import { randomUUID } from 'node:crypto';
import { DECLINED_AMOUNT } from '../support/customer.js';
import { holdInTheGap } from '../support/dual-write-gap.js';
import { inEveryMode } from '../support/shop.js';
import { traces } from '../support/traces.js';
import { until } from '../support/until.js';

interface Sales {
  topCustomers: { userId: string }[];
}

inEveryMode(
  (open) => {
    /** A user with one shipped order. */
    async function shippedOrder() {
      const { customer } = open();
      const user = await customer.register();
      const { id } = (await customer.order(user.id, 3300)).body;
      await open().settled();
      expect((await customer.read(id)).status).toBe('shipped');
      return { user, id };
    }

    it('gives the money back, takes the parcel back and tells the user when an order is cancelled', async () => {
      const { customer, ledger } = open();
      const { user, id } = await shippedOrder();
      const buyers = async () =>
        (await customer.get<Sales>('/analytics/sales')).body.topCustomers.map((one) => one.userId);
      expect(await buyers()).toContain(user.id);

      const answer = await customer.cancel(id);
      expect(answer).toMatchObject({ status: 200, body: { id, status: 'cancelled', total: 3300 } });
      await open().settled();

      const [charge] = await ledger.deeds(id, 'charge');
      const refunds = await ledger.deeds(id, 'refund');
      expect(refunds).toEqual([
        expect.objectContaining({ chargeId: charge!.id, amount: 3300, idempotencyKey: `refund:${id}` }),
      ]);
      expect(await ledger.deeds(id, 'unbooking')).toHaveLength(1);
      const [invoice] = await open().rows(`SELECT status FROM invoices WHERE order_id = $1`, [id]);
      expect(invoice).toEqual({ status: 'refunded' });
      const refundRows = await open().rows(`SELECT refund_id, amount FROM refunds WHERE order_id = $1`, [id]);
      expect(refundRows).toEqual([{ refund_id: refunds[0]!.id, amount: '3300' }]);
      expect((await ledger.subjects(user.email)).slice(3)).toEqual([`Your order ${id} is cancelled`]);
      expect(await buyers()).not.toContain(user.id);
      const story = (await customer.timeline(id)).effects.map(({ effect }) => effect);
      for (const consequence of ['payment.refunded', 'shipment.cancelled'])
        expect(story.indexOf(consequence)).toBeGreaterThan(story.indexOf('order.cancelled'));
      const { body } = await customer.get<{ orders: unknown[]; spent: unknown[] }>(`/users/${user.id}/orders`);
      expect(body).toMatchObject({ orders: [{ id, status: 'cancelled' }], spent: [] });
    });

    it('answers a second cancellation as the first, and does nothing twice', async () => {
      const { customer } = open();
      const { id } = await shippedOrder();
      const first = await customer.cancel(id);
      await open().settled();
      const before = await traces(open());

      const second = await customer.cancel(id);
      expect(second).toMatchObject({ status: 200, body: first.body });
      await open().settled();
      expect(await traces(open())).toEqual(before);
    });

    it('does not cancel what is over, or was never ordered', async () => {
      const { customer, guarantees } = open();
      const user = await customer.register();
      const id = randomUUID();
      await customer.order(user.id, DECLINED_AMOUNT, {}, id);
      await open().settled();

      const kept = guarantees.declinedCard === 'later';
      expect(await customer.cancel(id)).toMatchObject(
        kept
          ? { status: 409, body: { code: 'order_not_cancellable' } }
          : { status: 404, body: { code: 'order_not_found' } },
      );
      expect(await customer.cancel(randomUUID())).toMatchObject({ status: 404, body: { code: 'order_not_found' } });
      expect(await customer.cancel('not-an-id')).toMatchObject({ status: 400, body: { code: 'bad_id' } });
    });

    it('gives back, or keeps, the money of an order cancelled while its payment was under way, as the mode promises', async () => {
      const { customer, ledger, gate, guarantees } = open();
      const user = await customer.register();
      await open().settled();
      const id = randomUUID();
      const charge = gate.hold('POST /charges');
      const gap = holdInTheGap(open(), 'order.placed');

      const placing = customer.order(user.id, 4400, {}, id);
      await (gap ?? charge).arrived;
      const meanwhile = await customer.cancel(id);
      // In one transaction nobody sees the order before it is paid.
      const hidden = guarantees.declinedCard === 'refused';
      expect(meanwhile.status).toBe(hidden ? 404 : 200);
      if (gap)
        await until('billing to have looked for something to refund', () =>
          gate.calls.some(({ idempotencyKey }) => idempotencyKey === `refund:${id}`),
        );
      charge.release();
      gap?.release();
      expect((await placing).status).toBe(201);
      if (hidden) expect((await customer.cancel(id)).status).toBe(200);
      await open().settled();

      expect((await customer.read(id)).status).toBe('cancelled');
      expect(await ledger.deeds(id, 'charge')).toMatchObject([{ status: 'captured', amount: 4400 }]);
      const refunded = (await ledger.deeds(id, 'refund')).length;
      expect(refunded).toBe(guarantees.cancelRacingPaymentIsRefunded ? 1 : 0);
      const parcels = (await ledger.deeds(id, 'booking')).length - (await ledger.deeds(id, 'unbooking')).length;
      expect(parcels).toBe(0);
    });
  },
  { env: { PROVIDER_TIMEOUT: '9s' } },
);
