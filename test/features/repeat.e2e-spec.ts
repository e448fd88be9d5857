import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';
import type { OrderBody } from '../support/customer.js';
import { inEveryMode } from '../support/shop.js';
import { traces } from '../support/traces.js';
import { everythingTried } from '../support/tried.js';
import { until } from '../support/until.js';

inEveryMode(
  (open) => {
    /** A user, and an order that is sent under one key again and again. */
    async function repeatable() {
      const { customer } = open();
      const user = await customer.register();
      await open().settled();
      const key = { 'idempotency-key': `key-${randomUUID()}` };
      const place = (amount = 2500, signal?: AbortSignal) => customer.order(user.id, amount, key, undefined, signal);
      const orders = () =>
        open().rows<{ id: string; status: string }>(`SELECT id, status FROM orders WHERE user_id = $1`, [user.id]);
      return { user, key: key['idempotency-key'], place, orders };
    }

    const chargesOf = async (id: string) => (await open().ledger.deeds(id, 'charge')).length;

    it('gives the first answer again when an order is sent twice under one key, and does everything once', async () => {
      const { user, place } = await repeatable();
      const first = await place();
      await open().settled();
      const before = await traces(open());
      const second = await place();
      await open().settled();

      expect(second).toMatchObject({ status: 201, body: first.body });
      expect(await traces(open())).toEqual(before);
      expect(await chargesOf(first.body.id)).toBe(1);
      expect(await open().ledger.subjects(user.email)).toHaveLength(3);
    });

    it('refuses another order under a key that was used', async () => {
      const { place } = await repeatable();
      await place();
      await open().settled();
      const before = await traces(open());
      const answer = await place(9900);
      expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      await open().settled();
      expect(await traces(open())).toEqual(before);
    });

    it('asks for patience while the first request under a key is being answered', async () => {
      const { key, place, orders } = await repeatable();
      const first = new pg.Client(open().env.DATABASE_URL);
      await first.connect();
      try {
        await first.query('BEGIN');
        await first.query(
          `INSERT INTO idempotency_key (scope, key, fingerprint, order_id) VALUES ('POST /orders', $1, '', $2)`,
          [key, randomUUID()],
        );
        const early = await place();
        expect(early).toMatchObject({ status: 409, body: { code: 'request_in_progress' } });
        expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
        await first.query('ROLLBACK');
      } finally {
        await first.end();
      }
      const answer = await place();
      expect(answer.status).toBe(201);
      await open().settled();
      expect(await orders()).toEqual([{ id: answer.body.id, status: 'shipped' }]);
    });

    it('finishes an order whose client hung up, and gives the repeat the answer that was lost', async () => {
      const { place, orders } = await repeatable();
      const { arrived, release } = open().gate.hold('POST /charges');
      const line = new AbortController();
      const lost = place(2500, line.signal).catch((error: unknown) => error);
      await arrived;
      line.abort();
      await lost;
      release();
      await open().settled();

      const kept = await orders();
      expect(kept).toEqual([{ id: expect.any(String) as string, status: 'shipped' }]);
      const { status, body } = await place();
      expect(status).toBe(201);
      expect(body.id).toBe(kept[0]!.id);
      await open().settled();
      expect(await orders()).toEqual(kept);
      expect(await chargesOf(body.id)).toBe(1);
    });

    it('forgets a request that broke off in the middle of its body', async () => {
      const before = await traces(open());
      const { hostname, port } = new URL(open().shop.url);
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /orders HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"userId":`,
      );
      await until('the request to be in flight', async () => !(await open().shop.reading()).settled);
      socket.destroy();
      await open().settled();
      expect(await traces(open())).toEqual(before);
    });

    it('charges once although the first attempt failed after the charge, and says what such an attempt leaves', async () => {
      const { guarantees, ledger } = open();
      const { user, place, orders } = await repeatable();
      const charged = async () => {
        const charges = (await ledger.lines()).filter(({ kind, repeat }) => kind === 'charge' && !repeat);
        return charges.map(({ orderId }) => orderId!);
      };
      const earlier = (await charged()).length;
      await ledger.behave('smtp', { mode: 'refuse' });
      const first = await place();
      expect(first.status).toBe(guarantees.acknowledgedDuringOutageOf.includes('notifications') ? 201 : 503);
      await everythingTried(open());
      const known = new Set((await open().rows<OrderBody>(`SELECT id FROM orders`)).map(({ id }) => id));
      expect((await charged()).some((id) => !known.has(id))).toBe(guarantees.chargeWithoutOrder);

      await ledger.behave('smtp');
      const second = await place();
      expect(second.status).toBe(201);
      await open().settled();
      const [order, ...others] = await orders();
      expect(others).toEqual([]);
      expect(order!.id).toBe(second.body.id);
      const paid = order!.status === 'shipped';
      expect((await charged()).slice(earlier)).toEqual(paid ? [order!.id] : []);
      const complete = paid && (await ledger.subjects(user.email)).length === 3;
      expect(complete).toBe(guarantees.effectsSurviveKill);
    });

    it('refuses a second order under an id of the client, when there is no key that would make it a repeat', async () => {
      const { user } = await repeatable();
      const id = randomUUID();
      const first = await open().customer.order(user.id, 2500, {}, id);
      expect(first).toMatchObject({ status: 201, body: { id } });
      await open().settled();
      const before = await traces(open());

      const second = await open().customer.order(user.id, 2500, {}, id);
      expect(second).toMatchObject({ status: 409, body: { code: 'order_exists', errors: [{ field: 'id' }] } });
      await open().settled();
      expect(await traces(open())).toEqual(before);
    });
  },
  { env: { PROVIDER_TIMEOUT: '9s' } },
);
