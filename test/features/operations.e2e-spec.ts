import { inEveryMode, openShop } from '../support/shop.js';

const BEARER = { authorization: 'Bearer a-token-for-tests-only' };

/** The samples of one metric: labels and value. */
const samples = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}{(.*)} (.*)$`, 'gm'))].map(([, labels, value]): Record<string, unknown> => ({
    ...Object.fromEntries([...labels!.matchAll(/(\w+)="(.*?)"/g)].map(([, label, is]) => [label!, is!] as const)),
    value: Number(value),
  }));

inEveryMode((open, mode) => {
  it('is live and ready, and says so', async () => {
    const { customer } = open();
    expect((await customer.get('/health/live')).body).toEqual({ live: true, detail: 'ok' });
    const ready = await customer.get('/health/ready');
    expect(ready.body).toEqual({ ready: true, checks: { database: 'ok', messaging: 'ok', admission: 'ok' } });
  });

  it('shows its metrics: durations by route, and what waits', async () => {
    const { customer } = open();
    const user = await customer.register();
    await customer.get(`/users/${user.id}`);
    for (let path = 0; path < 5; path++) await customer.get(`/wp-admin/${path}.php`);
    await open().settled();
    const text = String((await customer.get<unknown>('/metrics')).body);
    const requests = samples(text, 'shop_http_request_duration_seconds_count');
    expect(requests).toContainEqual({ method: 'GET', route: '/users/:id', status: '200', mode, value: 1 });
    expect(requests).toContainEqual({ method: 'any', route: 'unknown', status: '404', mode, value: 5 });
    expect(requests.map(({ route }) => String(route)).filter((route) => route.includes('php'))).toEqual([]);
    expect(samples(text, 'shop_outbox_rows')).toEqual([{ mode, value: 0 }]);
    expect(samples(text, 'shop_subscriber_lag').length > 0).toBe(!mode.startsWith('sync'));
    expect(samples(text, 'shop_scrape_failures_total')).toEqual([{ mode, value: 0 }]);
    for (const [, name] of text.matchAll(/^# TYPE (\S+) counter$/gm)) expect(name).toMatch(/_total$/);
  });

  it('shows who hears what to who has the token', async () => {
    const { customer } = open();
    await open().settled();
    const { body } = await customer.get('/admin/subscribers', BEARER);
    const events = body.events as { event: string; subscribers: { subscriber: string; lag: number | null }[] }[];
    const placed = events.find(({ event }) => event === 'order.placed')!;
    expect(placed.subscribers.map(({ subscriber }) => subscriber).sort()).toEqual([
      'analytics',
      'billing',
      'cache',
      'notifications',
    ]);
    const lag = mode.startsWith('sync') ? null : 0;
    expect(new Set(placed.subscribers.map((subscriber) => subscriber.lag))).toEqual(new Set([lag]));
  });

  it('says when it is settled, what the outbox holds and what is parked', async () => {
    const { customer } = open();
    await open().settled();
    expect((await customer.get('/admin/settled', BEARER)).body).toEqual({ settled: true, missing: [] });
    expect((await customer.get('/admin/outbox', BEARER)).body).toEqual({ rows: 0, oldestSeconds: null });
    expect((await customer.get('/admin/parked', BEARER)).body).toEqual({ deliveries: [] });
  });

  it('redrives and deletes nothing that is not there', async () => {
    const { customer } = open();
    const redrive = (body: object) => customer.request('POST', '/admin/parked/redrive', body, BEARER);
    const calls = mode.startsWith('sync');
    expect(await redrive({ id: '999' })).toMatchObject(calls ? { status: 409 } : { status: 404 });
    expect(await redrive({ olderThan: '1h' })).toMatchObject(
      calls ? { status: 409 } : { status: 200, body: { lanes: 0 } },
    );
    expect(await redrive({})).toMatchObject({ status: 422 });
    expect(await redrive({ olderThan: 'long ago' })).toMatchObject({ status: 422 });
    expect(await customer.request('DELETE', '/admin/parked/999', undefined, BEARER)).toMatchObject({ status: 404 });
    expect(await customer.request('DELETE', '/admin/parked/x', undefined, BEARER)).toMatchObject({ status: 400 });
  });

  it.each([undefined, 'Bearer', 'Bearer a-token-for-tests-onlx', 'Basic YTpi', 'a-token-for-tests-only'])(
    'shows nothing to who comes with %s',
    async (authorization) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await open().customer.get('/admin/settled', headers);
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    },
  );

  it('tells on its first page which mode it runs in, without a password', async () => {
    const { customer, env } = open();
    expect((await customer.get('/', { accept: 'application/json' })).body).toMatchObject({ mode });
    const page = String((await customer.get<unknown>('/', { accept: 'text/html' })).body);
    expect(page).toContain(`<p class="mode">${mode}</p>`);
    expect(page).not.toContain(new URL(env.DATABASE_URL!).password);
    for (const [, path] of page.matchAll(/href="([^"]+)"/g)) {
      const headers: Record<string, string> = path!.startsWith('/admin') ? BEARER : {};
      expect({ path, status: (await customer.get(path!, headers)).status }).toEqual({ path, status: 200 });
    }
  });

  it('has no timeline of an order that is not there', async () => {
    const answer = await open().customer.get('/orders/018f2f7e-0000-7000-8000-0000000000ff/timeline');
    expect(answer).toMatchObject({ status: 404, body: { code: 'order_not_found' } });
  });

  it('tells what an order caused, from its placing on', async () => {
    const { customer } = open();
    const user = await customer.register();
    const { body: order } = await customer.order(user.id);
    await open().settled();
    const timeline = await customer.timeline(order.id);
    expect(timeline).toMatchObject({ orderId: order.id, mode });
    expect(timeline.effects[0]).toMatchObject({ effect: 'order.placed', afterMs: 0 });
    expect(timeline.effects.map(({ effect }) => effect).sort()).toEqual([
      'invoice.opened',
      'mail.sent',
      'mail.sent',
      'order.confirmed',
      'order.placed',
      'order.shipped',
      'payment.captured',
      'sale.recorded',
      'shipment.scheduled',
    ]);
    const mails = timeline.effects.flatMap(({ template }) => template ?? []);
    expect(mails.sort()).toEqual(['order_confirmed', 'order_received']);
    for (const { at, afterMs } of timeline.effects) {
      expect(new Date(at).toISOString()).toBe(at);
      expect(afterMs).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('a shop without an ADMIN_TOKEN', () => {
  it('has no administration', async () => {
    const shop = await openShop('sync', { env: { ADMIN_TOKEN: '' } });
    try {
      for (const headers of [{}, BEARER])
        expect(await shop.customer.get('/admin/settled', headers)).toMatchObject({
          status: 404,
          body: { code: 'not_found' },
        });
    } finally {
      await shop.close();
    }
  });
});
