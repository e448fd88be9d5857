import { Logger } from '@nestjs/common';
import { openShop, type TestShop } from '../support/shop.js';
import { until } from '../support/until.js';

let shop: TestShop;
/** A shop in `sync` with some options, and a user of it. */
async function openSync(env: Record<string, string>) {
  shop = await openShop('sync', { env: { PROVIDER_TIMEOUT: '9s', ...env } });
  return { shop, user: await shop.customer.register() };
}
const kinds = async (orderId: string) => {
  const lines = await shop.ledger.lines();
  return lines.filter((line) => line.orderId === orderId || line.subject?.includes(orderId)).map(({ kind }) => kind);
};
const charges = () =>
  shop.gate.calls.filter(({ route }) => route === 'POST /charges').map((call) => call.idempotencyKey);
afterEach(() => shop.close());

describe('SYNC_FANOUT', () => {
  it('calls one module after another by default, and writes to the user last', async () => {
    const { user } = await openSync({});
    const { status, body } = await shop.customer.order(user.id);
    expect(status).toBe(201);
    expect(await kinds(body.id)).toEqual(['charge', 'booking', 'mail', 'mail']);
  });

  it('lets what goes out overlap with `parallel`: the mail is on its way while the charge is', async () => {
    const { user } = await openSync({ SYNC_FANOUT: 'parallel' });
    const charge = shop.gate.hold('POST /charges');
    const booking = shop.gate.hold('POST /bookings');
    const answer = shop.customer.order(user.id);
    await charge.arrived;
    await until(
      'the first mail, with the charge held',
      async () => (await shop.ledger.subjects(user.email)).length === 2,
    );
    charge.release();
    await booking.arrived;
    await until(
      'the second mail, with the booking held',
      async () => (await shop.ledger.subjects(user.email)).length === 3,
    );
    booking.release();

    const { status, body } = await answer;
    expect(status).toBe(201);
    expect(await kinds(body.id)).toEqual(['mail', 'charge', 'mail', 'booking']);
    expect((await shop.customer.timeline(body.id)).effects).toHaveLength(9);
  });

  it('waits with `parallel` until all calls have ended before it refuses, and keeps nothing', async () => {
    const { user } = await openSync({ SYNC_FANOUT: 'parallel', PROVIDER_TIMEOUT: '3s' });
    await shop.ledger.behave('smtp', { mode: 'refuse' });
    const { arrived, release } = shop.gate.hold('POST /charges');
    let answered = false;
    const answer = shop.customer.order(user.id).finally(() => (answered = true));
    await arrived;
    expect(answered).toBe(false);
    release();
    expect(await answer).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    for (const table of ['orders', 'invoices', 'shipments', 'sales'])
      expect(await shop.rows(`SELECT * FROM ${table}`)).toEqual([]);
  });
});

describe('SYNC_OPTIONAL', () => {
  it('takes orders while the mail server is down, and logs and counts each mail that was not sent', async () => {
    const { user } = await openSync({ SYNC_OPTIONAL: 'notifications,analytics,cache' });
    await shop.ledger.behave('smtp', { mode: 'refuse' });
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const { status, body } = await shop.customer.order(user.id);
    const warnings = warn.mock.calls.map(([message]) => String(message));
    warn.mockRestore();

    expect([status, body.status]).toEqual([201, 'shipped']);
    expect(await shop.ledger.subjects(user.email)).toEqual(['Welcome to the shop']);
    expect(warnings.filter((line) => line.includes('notifications'))).toHaveLength(2);
    const metrics = (await shop.customer.get<string>('/metrics')).body;
    expect(metrics).toMatch(/^shop_calls_passed_over_total\{[^}]*hearer="notifications"[^}]*\} 2$/m);
    const sales = await shop.rows(`SELECT status FROM sales WHERE order_id = $1`, [body.id]);
    expect(sales).toEqual([{ status: 'confirmed' }]);
  });

  it('answers who has committed, although all connections of requests wait for a provider', async () => {
    const { user } = await openSync({ SYNC_OPTIONAL: 'notifications,analytics,cache', API_CONNECTIONS: '2' });
    const charging = (count: number) => until(`${count} charges`, async () => charges().length === count);
    const place = () => shop.customer.order(user.id);
    const first = shop.gate.hold('POST /charges');
    const early = [place(), place()];
    await charging(2);
    const late = [place(), place()];
    first.release();
    const second = shop.gate.hold('POST /charges');
    await charging(4);
    expect((await Promise.all(early)).map(({ status }) => status)).toEqual([201, 201]);
    second.release();
    expect((await Promise.all(late)).map(({ status }) => status)).toEqual([201, 201]);
  });

  it('refuses orders while the mail server is down by default', async () => {
    const { user } = await openSync({});
    await shop.ledger.behave('smtp', { mode: 'refuse' });
    const answer = await shop.customer.order(user.id);
    expect(answer).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    expect(await shop.rows('SELECT id FROM orders')).toEqual([]);
  });
});

describe('SYNC_RETRIES', () => {
  it('repeats a provider call once under the same key, so that a lost answer costs no second charge', async () => {
    const { user } = await openSync({ SYNC_RETRIES: '1' });
    shop.gate.loseAnswers('POST /charges', 1);
    const { status, body } = await shop.customer.order(user.id);
    expect([status, body.status]).toEqual([201, 'shipped']);
    expect(charges()).toEqual([`charge:${body.id}`, `charge:${body.id}`]);
    expect(await shop.ledger.deeds(body.id, 'charge')).toHaveLength(1);
  });

  it('does not repeat it a second time, and not at all by default', async () => {
    const { user } = await openSync({ SYNC_RETRIES: '1' });
    shop.gate.loseAnswers('POST /charges', 2);
    expect((await shop.customer.order(user.id)).status).toBe(503);
    expect(charges()).toHaveLength(2);
    await shop.close();

    const careless = await openSync({});
    shop.gate.loseAnswers('POST /charges', 1);
    expect((await shop.customer.order(careless.user.id)).status).toBe(503);
    expect(charges()).toHaveLength(1);
  });
});
