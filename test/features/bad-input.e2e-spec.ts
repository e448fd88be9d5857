import { openShop, type TestShop } from '../support/shop.js';

type Wrong = [how: string, value: unknown];

const NOTHING: Wrong[] = [
  ['missing', undefined],
  ['null', null],
  ['true', true],
  ['an object', {}],
  ['a list', [[]]],
];
const NOT_TEXT: Wrong[] = [...NOTHING, ['a number', 1], ['empty', '']];
const UNREADABLE: Wrong[] = [
  ['text with NUL', 'a\0b'],
  ['half a surrogate pair', 'a\ud800'],
];
const NOT_A_COUNT: Wrong[] = [
  ...NOTHING,
  ['text', '1'],
  ['negative', -1],
  ['a fraction', 0.5],
  ['huge', 1e21],
  ['the largest number', Number.MAX_VALUE],
  ['one more than JavaScript counts', 2 ** 53],
];
const SQL = "1'; DROP TABLE orders; --";

describe('bad input', () => {
  let shop: TestShop;
  let user: { id: string };
  const tables = ['users', 'orders', 'invoices', 'mails', 'outbox', 'idempotency_key'];
  let before: unknown;

  const counts = () =>
    shop.rows(`SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join()}`);

  /** A body that is right but for `field`, which is written as a path; undefined takes the field away. */
  function wrong(body: object, field: string, value: unknown): string {
    const copy: unknown = structuredClone(body);
    const path = field.split('.');
    const last = path.pop()!;
    const parent = path.reduce((at, name) => (at as Record<string, unknown>)[name], copy) as Record<string, unknown>;
    parent[last] = value;
    return JSON.stringify(copy);
  }

  async function refused(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await shop.customer.request(method, path, body, { ...type, ...headers });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    const errors = (answer.body.errors ?? []) as { field: string }[];
    return { status: answer.status, code: answer.body.code, fields: [...new Set(errors.map((error) => error.field))] };
  }

  beforeAll(async () => {
    shop = await openShop('sync');
    user = await shop.customer.register();
    await shop.customer.order(user.id);
    await shop.settled();
    before = await counts();
  });
  afterAll(() => shop?.close());
  afterEach(async () => expect(await counts()).toEqual(before));

  const newUser = { email: 'eve@example.com', name: 'Eve' };
  const newOrder = () => ({
    userId: user.id,
    lines: [{ sku: 'TEA-1', quantity: 1, unitPrice: 100 }],
    currency: 'EUR',
    id: '018f2f7e-0000-7000-8000-00000000000b',
  });
  const optional = ([, value]: Wrong) => value !== undefined;

  it.each<[field: string, wrongs: Wrong[]]>([
    ['email', [...NOT_TEXT, ...UNREADABLE, ['no address', 'eve'], ['too long', `${'e'.repeat(250)}@example.com`]]],
    [
      'email',
      [
        ['a header injection', 'eve@example.com\r\nBcc: all@example.com'],
        ['SQL', SQL],
      ],
    ],
    ['name', [...NOT_TEXT, ...UNREADABLE, ['too long', 'e'.repeat(201)]]],
    ['admin', [['unknown', true]]],
  ])('in the field %s of a registration is refused by its name', async (field, wrongs) => {
    for (const [how, value] of wrongs)
      expect({ how, ...(await refused('POST', '/users', wrong(newUser, field, value))) }).toEqual({
        how,
        status: 422,
        code: 'invalid_body',
        fields: [field],
      });
  });

  it.each<[field: string, wrongs: Wrong[]]>([
    ['userId', [...NOT_TEXT, ...UNREADABLE, ['no id', 'eve'], ['SQL', SQL]]],
    ['lines', [...NOTHING.slice(0, 4), ['empty', []], ['text', 'TEA-1']]],
    ['lines.0', [...NOTHING.slice(1, 3), ['text', 'TEA-1']]],
    ['lines.0.sku', [...NOT_TEXT, ...UNREADABLE, ['too long', 'a'.repeat(65)], ['SQL', SQL], ['a path', '../etc']]],
    ['lines.0.quantity', [...NOT_A_COUNT, ['zero', 0], ['too many', 10_001]]],
    ['lines.0.unitPrice', [...NOT_A_COUNT, ['too dear', 1_000_000_001]]],
    ['lines.0.discount', [['unknown', 1]]],
    ['currency', [...NOT_TEXT, ...UNREADABLE, ['small letters', 'eur'], ['not a currency', 'AAA']]],
    ['id', [...NOT_TEXT, ...UNREADABLE, ['no id', '1']].filter((one) => optional(one as Wrong)) as Wrong[]],
    ['status', [['unknown', 'confirmed']]],
  ])('in the field %s of an order is refused by its name', async (field, wrongs) => {
    for (const [how, value] of wrongs) {
      const { status, code, fields } = await refused('POST', '/orders', wrong(newOrder(), field, value));
      expect({ how, status, code }).toEqual({ how, status: 422, code: 'invalid_body' });
      expect({ how, field: fields[0]?.startsWith(field) ? field : fields[0] }).toEqual({ how, field });
    }
  });

  it('names the lines of an order that is too large or too dear', async () => {
    const line = { sku: 'TEA-1', quantity: 10_000, unitPrice: 1_000_000_000 };
    for (const count of [1, 501, 10_000]) {
      const order = { ...newOrder(), lines: Array.from({ length: count }, () => line) };
      expect(await refused('POST', '/orders', JSON.stringify(order))).toMatchObject({ status: 422, fields: ['lines'] });
    }
    const most = { ...newOrder(), lines: Array.from({ length: 50_000 }, () => line) };
    expect(await refused('POST', '/orders', JSON.stringify(most))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });

  it.each(['{', '', 'null', '[]', '"order"', '{"userId":1e999}', '{"__proto__":{"id":1}}', '\ufeff{}'])(
    'that is the body %j is refused on every route that reads one',
    async (body) => {
      for (const path of ['/users', '/orders'])
        expect([400, 422]).toContain((await refused('POST', path, body)).status);
    },
  );

  it('of 10 MB is refused while it is still being sent', async () => {
    expect(await refused('POST', '/orders', `"${'x'.repeat(10_000_000)}"`)).toMatchObject({ code: 'body_too_large' });
  });

  it.each([
    ['GET', '/users/%s'],
    ['GET', '/users/%s/orders'],
    ['GET', '/orders/%s'],
    ['GET', '/orders/%s/timeline'],
    ['POST', '/orders/%s/cancel'],
  ])('as the id of %s %s is bad_id', async (method, route) => {
    for (const id of ['1', '%00', encodeURIComponent(SQL), 'x'.repeat(5000), '%ED%A0%80', `${user.id}x`, '..%2f..'])
      expect({ id, ...(await refused(method, route.replace('%s', id))) }).toMatchObject({ id, status: 400 });
  });

  it.each([
    ['/users', ['limit=0', 'limit=-1', 'limit=1.5', 'limit=x', 'limit=1e9', 'limit=', 'after=%00', 'page=1']],
    ['/orders', ['limit=0', 'limit=201', 'limit=NaN', 'after=x', 'userId=1', 'status=lost', 'status=%00', 'sort=id']],
    ['/analytics/sales', ['from=yesterday', 'from=2026-02-30', 'to=%00', 'from=9999999-01-01', 'day=2026-01-01']],
  ])('in the query of %s is refused by its name', async (path, queries) => {
    for (const query of queries) {
      const { status, fields } = await refused('GET', `${path}?${query}`);
      expect({ query, status, field: fields[0] }).toEqual({ query, status: 422, field: query.split('=')[0] });
    }
  });

  it('as an Idempotency-Key is refused before anything is written', async () => {
    for (const key of ['', ' ', 'two words', 'x'.repeat(256)]) {
      const headers = { 'idempotency-key': key };
      const answer = await refused('POST', '/orders', JSON.stringify(newOrder()), headers);
      expect(answer).toMatchObject({ status: 400, code: 'bad_header', fields: ['Idempotency-Key'] });
    }
  });
});
