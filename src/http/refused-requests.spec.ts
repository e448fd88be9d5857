import { openTinyShop, order, USER, type OpenTinyShop } from '../../test/support/tiny-shop.js';

describe('a request', () => {
  let shop: OpenTinyShop;
  beforeAll(async () => {
    shop = await openTinyShop();
  });
  afterAll(() => shop.app.close());

  it('takes a cancellation without a body, whatever type it says the body has', async () => {
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      const answer = await shop.app.inject({ method: 'POST', url: `/orders/${USER}/cancel`, headers });
      expect(answer.statusCode).toBe(200);
    }
  });

  it.each(['1', '%00', "1'%20OR%20'1'='1", 'x'.repeat(4000), '%F0%9F%92%A9', `${USER}0`])(
    'answers the id %s with bad_id',
    async (id) => {
      expect(await shop.get(`/orders/${id}`)).toMatchObject({ status: 400, code: 'bad_id', fields: ['id'] });
    },
  );

  it('reads an id in any spelling of its letters as one id', async () => {
    expect(await shop.get(`/orders/${USER.toUpperCase()}`)).toMatchObject({ status: 200, body: { id: USER } });
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=a', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['colour=red', 'colour'],
    ['__proto__=1', '__proto__'],
    ['limit=%00', 'limit'],
    ['limit=1e400', 'limit'],
  ])('names the field of the query %s', async (query, field) => {
    expect(await shop.get(`/orders?${query}`)).toMatchObject({ status: 422, code: 'invalid_query', fields: [field] });
  });

  it('answers a URL that cannot be decoded', async () => {
    const refused = await shop.get('/orders/%zz');
    expect(refused).toMatchObject({ status: 400, code: 'bad_url' });
    expect(refused.headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('answers an unknown path with 404, before it looks at the body', async () => {
    expect(await shop.get('/nowhere')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await shop.post('/nowhere', '<xml/>', { 'content-type': 'text/xml' })).toMatchObject({ status: 404 });
    expect(await shop.get('/orders/')).toMatchObject({ status: 404 });
  });

  it.each([
    ['PUT', '/orders', 'GET, HEAD, POST'],
    ['DELETE', `/orders/${USER}`, 'GET, HEAD'],
    ['GET', `/orders/${USER}/cancel`, 'POST'],
    ['TRACE', '/orders', 'GET, HEAD, POST'],
  ])('answers %s %s with 405 and what is possible', async (method, url, allow) => {
    const answer = await shop.send(method, url);
    expect(answer).toMatchObject({ status: 405, code: 'method_not_allowed', headers: { allow } });
  });

  it('answers headers that are too large, and what is not HTTP, on the socket', async () => {
    const large = await shop.raw(`GET /orders HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1.1 431 [^]*application\/problem\+json[^]*"code":"headers_too_large"/);
    expect(await shop.raw('HELO shop\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*"code":"bad_request"/);
  });

  it.each([
    ['with a space', 'a b'],
    ['that is empty', ''],
    ['that is too long', 'x'.repeat(256)],
    ['that is not ASCII', 'schlüssel'],
  ])('refuses an Idempotency-Key %s', async (_, key) => {
    const refused = await shop.post('/orders', JSON.stringify(order), { 'idempotency-key': key });
    expect(refused).toMatchObject({ status: 400, code: 'bad_header', fields: ['Idempotency-Key'] });
  });

  it('hands the key and the preferred wait to the route', async () => {
    const taken = await shop.post('/orders', JSON.stringify(order), { 'idempotency-key': 'k-1', prefer: 'wait=5' });
    expect(taken.body).toMatchObject({ key: 'k-1', wait: 5000 });
  });
});
