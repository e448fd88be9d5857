import type { OrderBody } from '../support/customer.js';
import { inEveryMode } from '../support/shop.js';
import { traces } from '../support/traces.js';

const EFFECTS = [
  'invoice.opened',
  'mail.sent order_confirmed',
  'mail.sent order_received',
  'order.confirmed',
  'order.placed',
  'order.shipped',
  'payment.captured',
  'sale.recorded',
  'shipment.scheduled',
];
/** What causes what; the rest may come in any order. */
const CHAINS = [
  ['order.placed', 'invoice.opened', 'order.confirmed', 'shipment.scheduled', 'order.shipped'],
  ['order.placed', 'payment.captured', 'order.confirmed', 'mail.sent order_confirmed'],
  ['order.placed', 'mail.sent order_received', 'mail.sent order_confirmed'],
  ['order.placed', 'sale.recorded'],
];

interface OrdersOfUser {
  orders: OrderBody[];
  count: number;
  spent: { currency: string; amount: number }[];
}
interface Sales {
  topCustomers: { userId: string; currency: string; orders: number; revenue: number }[];
}

inEveryMode(
  (open, mode) => {
    it('turns an order into an invoice, one charge, one parcel, two mails and a sale', async () => {
      const { customer, ledger } = open();
      const user = await customer.register();
      const answer = await customer.order(user.id, 2500);
      expect(answer).toMatchObject({ status: 201, body: { userId: user.id, total: 2500, currency: 'EUR' } });
      const { id } = answer.body;
      await open().settled();

      expect(await customer.read(id)).toEqual({ ...answer.body, status: 'shipped' });
      const [charge, ...more] = await ledger.deeds(id, 'charge');
      expect(charge).toMatchObject({
        idempotencyKey: `charge:${id}`,
        status: 'captured',
        amount: 2500,
        currency: 'EUR',
      });
      expect(more).toEqual([]);
      const [invoice] = await open().rows(`SELECT status, amount, charge_id FROM invoices WHERE order_id = $1`, [id]);
      expect(invoice).toEqual({ status: 'captured', amount: '2500', charge_id: charge!.id });
      const [booking] = await ledger.deeds(id, 'booking');
      const shipments = await open().rows(`SELECT tracking, cancelled_at FROM shipments WHERE order_id = $1`, [id]);
      expect(shipments).toEqual([{ tracking: booking!.tracking, cancelled_at: null }]);
      expect(await ledger.subjects(user.email)).toEqual([
        'Welcome to the shop',
        `We have your order ${id}`,
        `Your order ${id} is confirmed`,
      ]);
      const sales = await customer.get<Sales>('/analytics/sales');
      expect(sales.body.topCustomers).toContainEqual({ userId: user.id, currency: 'EUR', orders: 1, revenue: 2500 });
    });

    it('answers with the effects or before them, as the mode promises', async () => {
      const { customer, gate, guarantees } = open();
      const user = await customer.register();
      await open().settled();
      const { arrived, release } = gate.hold('POST /bookings');
      let answered = false;
      const answer = customer.order(user.id).finally(() => (answered = true));
      await arrived;
      if (guarantees.effectsVisibleOnReturn) {
        expect(answered).toBe(false);
        release();
      }
      const { status, body } = await answer;
      expect(status).toBe(201);
      const { effects } = await customer.timeline(body.id);
      const shipped = effects.some(({ effect }) => effect === 'order.shipped');
      expect(shipped).toBe(guarantees.effectsVisibleOnReturn);

      release();
      await open().settled();
      expect((await customer.read(body.id)).status).toBe('shipped');
    });

    it('tells the story of an order in the same words in every mode, causes before their effects', async () => {
      const { customer } = open();
      const user = await customer.register();
      const { id } = (await customer.order(user.id)).body;
      await open().settled();

      const timeline = await customer.timeline(id);
      expect(timeline).toMatchObject({ orderId: id, mode });
      const told = timeline.effects.map(({ effect, template }) => (template ? `${effect} ${template}` : effect));
      expect([...told].sort()).toEqual(EFFECTS);
      for (const chain of CHAINS) expect(told.filter((effect) => chain.includes(effect))).toEqual(chain);
      const times = timeline.effects.map(({ at }) => at);
      expect(times).toEqual([...times].sort());
      expect(timeline.effects[0]).toMatchObject({ effect: 'order.placed', afterMs: 0 });
    });

    it('shows a user their newest order although the list was in the cache', async () => {
      const { customer } = open();
      const user = await customer.register();
      await open().settled();
      const list = () => customer.get<OrdersOfUser>(`/users/${user.id}/orders`);
      expect((await list()).body).toEqual({ orders: [], count: 0, spent: [] });
      expect((await list()).headers.get('x-cache')).toBe('hit');

      const { id } = (await customer.order(user.id, 1990)).body;
      await open().settled();
      const fresh = await list();
      expect(fresh.body).toMatchObject({ orders: [{ id, status: 'shipped' }], count: 1 });
      expect(fresh.body.spent).toEqual([{ currency: 'EUR', amount: 1990 }]);
    });

    it('refuses an order for somebody who never registered, and keeps nothing of it', async () => {
      const before = await traces(open());
      const answer = await open().customer.order('018f2f7e-0000-7000-8000-00000000dead');
      expect(answer).toMatchObject({ status: 422, body: { code: 'user_unknown' } });
      await open().settled();
      expect(await traces(open())).toEqual(before);
    });
  },
  { env: { PROVIDER_TIMEOUT: '9s' } },
);
