import { openTinyShop, SECRET, type OpenTinyShop } from '../../test/support/tiny-shop.js';
import { Admission } from './admission.js';

describe('the HTTP side of the shop', () => {
  let shop: OpenTinyShop;
  beforeAll(async () => {
    shop = await openTinyShop();
  });
  afterAll(() => shop.app.close());

  it('says nothing of what is inside when it has a defect', async () => {
    for (const url of ['/defect', '/unlisted']) {
      const failed = await shop.get(url);
      expect(failed).toMatchObject({ status: 500, code: 'internal_error' });
      expect(JSON.stringify(failed.body)).not.toContain(SECRET);
    }
  });

  it('cuts an answer that fails half-way, so that nobody takes the half for the whole', async () => {
    const torn = await shop.raw('GET /torn HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(torn).toContain('half of');
    expect(torn).not.toMatch(/\r\n0\r\n|problem/);
  });

  it('says what a failure carries: its code, its details and when to try again', async () => {
    const failed = await shop.get('/provider');
    expect(failed).toMatchObject({ status: 503, code: 'provider_unavailable', headers: { 'retry-after': '7' } });
    expect(failed.body.orderId).toBe('018f2f7e-0000-7000-8000-000000000001');
    expect(await shop.get('/database')).toMatchObject({
      status: 503,
      code: 'database_unavailable',
      headers: { 'retry-after': '1' },
    });
  });

  it('passes a request id and a trace on, and makes its own when they are not harmless', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const followed = await shop.get('/health', { 'x-request-id': 'r-1', traceparent: trace });
    expect(followed.headers['x-request-id']).toBe('r-1');
    expect(followed.body).toEqual({ correlationId: 'r-1', traceparent: trace });
    const own = await shop.get('/health', { 'x-request-id': 'a\tb"', traceparent: 'nonsense' });
    expect(own.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses business while it drains, and says when to come back', async () => {
    shop.app.get(Admission).refuse(() => 'draining 12 deliveries of async');
    const refused = await shop.get('/orders');
    expect(refused).toMatchObject({ status: 503, code: 'draining', headers: { 'retry-after': '2' } });
    expect(refused.body.detail).toBe('draining 12 deliveries of async');
    expect((await shop.get('/health')).status).toBe(200);
    shop.app.get(Admission).admit();
    expect((await shop.get('/orders')).status).toBe(200);
  });

  it('serves its documentation from its own files', async () => {
    const page = await shop.app.inject({ method: 'GET', url: '/docs' });
    const own = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      (match) => new URL(match[1]!, 'http://shop/docs'),
    );
    expect(own.length).toBeGreaterThan(3);
    for (const url of own) {
      expect(url.host).toBe('shop');
      expect({
        url: url.pathname,
        status: (await shop.app.inject({ method: 'GET', url: url.pathname })).statusCode,
      }).toEqual({
        url: url.pathname,
        status: 200,
      });
    }
    expect(page.body).not.toMatch(/<script>[^<]/);
  });
});
