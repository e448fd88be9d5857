import { connect } from 'node:net';
import { complaintOf, everything, type OpenApi } from './support/refusals.js';
import { openShop, type TestShop } from './support/shop.js';
import { bodyWith, SQL, wrongParameters, wrongValues, type Schema } from './support/wrong-values.js';

const TOKEN = { authorization: 'Bearer a-token-for-tests-only' };
const JSON_TYPE = { 'content-type': 'application/json' };
const ORDER_ID = '018f2f7e-0000-7000-8000-00000000000b';

describe.each(['sync', 'async'] as const)('bad input in %s', (mode) => {
  let shop: TestShop;
  let document: OpenApi;
  /** A right body for each route that reads one. */
  let right: Record<string, object>;
  let before: unknown;

  beforeAll(async () => {
    shop = await openShop(mode);
    const { id: userId } = await shop.customer.register(SQL);
    await shop.customer.order(userId);
    await shop.settled();
    document = (await shop.customer.get<OpenApi>('/openapi.json')).body;
    const lines = [{ sku: 'TEA-1', quantity: 1, unitPrice: 100 }];
    right = {
      'POST /users': { email: 'eve@example.com', name: 'Eve' },
      'POST /orders': { userId, lines, currency: 'EUR', id: ORDER_ID },
      'POST /admin/parked/redrive': { id: '1', code: 'contract_broken', olderThan: '1h' },
    };
    before = await everything(shop);
  });
  afterAll(() => shop?.close());
  // Nothing was kept, not even half an order, and nobody outside was asked for anything.
  afterEach(async () => {
    await shop.settled();
    expect(await everything(shop)).toEqual(before);
  });

  const resolve = (schema: Schema): Schema =>
    schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)!]! : schema;
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  /** A route with an id that nobody has in its path. */
  const filled = (path: string, id = ORDER_ID) => path.replace('{id}', id);

  const complaint = (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
    field?: string,
  ) =>
    complaintOf(shop, {
      method,
      path,
      body,
      headers: { ...(body !== undefined && JSON_TYPE), ...TOKEN, ...headers },
      field,
    });

  it('is tried on every route that reads a body', () => {
    const reading = operations().filter(({ operation }) => operation.requestBody);
    expect(reading.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(right).sort());
  });

  it.each(['POST /users', 'POST /orders', 'POST /admin/parked/redrive'])(
    'in any field of %s is refused with the name of the field',
    async (route) => {
      const [method, path] = route.split(' ') as [string, string];
      const { schema } = document.paths[path]!.post!.requestBody!.content['application/json']!;
      const wrongs = [...wrongValues(schema, resolve)];
      const complaints: string[] = [];
      for (const wrong of wrongs) {
        const found = await complaint(method, path, bodyWith(right[route], wrong), {}, wrong.field);
        if (found) complaints.push(`${wrong.field || 'the body'} ${wrong.how}: ${found}`);
      }
      expect(complaints).toEqual([]);
      expect(wrongs.length).toBeGreaterThan(40);
    },
  );

  it('in a path is refused on every route that has an id in it', async () => {
    const complaints: string[] = [];
    for (const { method, path, operation } of operations())
      for (const { in: where, schema } of operation.parameters ?? [])
        if (where === 'path')
          for (const value of [...wrongParameters(schema), '..%2F..%2Fetc', `${ORDER_ID}x`]) {
            const found = await complaint(method, filled(path, value), undefined, {});
            if (found) complaints.push(`${method} ${filled(path, value.slice(0, 40))}: ${found}`);
          }
    expect(complaints).toEqual([]);
  });

  it('in a query is refused with the name of the parameter', async () => {
    const complaints: string[] = [];
    for (const { method, path, operation } of operations()) {
      const queries = (operation.parameters ?? []).filter(({ in: where }) => where === 'query');
      if (queries.length === 0) continue;
      const tries = queries.flatMap(({ name, schema }) =>
        wrongParameters(schema).map((value) => [name, value] as const),
      );
      const more = [
        ['unknown', '1'] as const,
        ['__proto__', '1'] as const,
        ...queries.map(({ name }) => [name, ''] as const),
      ];
      for (const [name, value] of [...tries, ...more]) {
        const found = await complaint(method, `${filled(path)}?${name}=${value}`, undefined, {}, name);
        if (found) complaints.push(`${method} ${path}?${name}=${value.slice(0, 40)}: ${found}`);
      }
      for (const { name } of queries) {
        const found = await complaint(method, `${filled(path)}?${name}=1&${name}=2`, undefined, {}, name);
        if (found) complaints.push(`${method} ${path} with ${name} twice: ${found}`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it.each<[what: string, status: number, body: () => string | Buffer, headers?: Record<string, string>]>([
    ['broken', 400, () => '{"userId":'],
    ['with something behind it', 400, () => '{} {}'],
    ['with NaN in it', 400, () => '{"quantity":NaN}'],
    ['with Infinity in it', 400, () => '{"quantity":-Infinity}'],
    ['with a comma too many', 400, () => '{"email":"eve@example.com",}'],
    ['in UTF-16', 400, () => Buffer.from('{"name":"Eve"}', 'utf16le')],
    ['not in UTF-8', 400, () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['of nothing', 422, () => ''],
    ['of spaces', 400, () => '   '],
    ['nested 100,000 deep', 422, () => '['.repeat(100_000) + ']'.repeat(100_000)],
    ['nested 200,000 deep and never closed', 400, () => '{"a":'.repeat(200_000)],
    ['of 10 MB', 413, () => `"${'x'.repeat(10_000_000)}"`],
    ['of another type', 415, () => 'email=eve%40example.com', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of no type', 415, () => '{}', { 'content-type': 'text/plain' }],
    ['of a type that is none', 415, () => '{}', { 'content-type': 'json' }],
    [
      'compressed, which nobody expands here',
      400,
      () => Buffer.from([0x1f, 0x8b, 8, 0]),
      { 'content-encoding': 'gzip' },
    ],
  ])('that is a body %s is answered with %d', async (...[, status, body, headers]) => {
    for (const path of ['/users', '/orders', '/admin/parked/redrive']) {
      const init = { method: 'POST', body: body(), headers: { ...JSON_TYPE, ...TOKEN, ...headers } };
      const answer = await fetch(shop.shop.url + path, init);
      const problem = (await answer.json()) as Record<string, unknown>;
      expect({ path, status: answer.status, type: answer.headers.get('content-type') }).toEqual({
        path,
        status,
        type: 'application/problem+json',
      });
      expect(problem).toMatchObject({ status, code: expect.any(String), detail: expect.stringMatching(/\.$/) });
    }
  });

  it('is refused too when a right value stands before it under the same name', async () => {
    const body = JSON.stringify(right['POST /orders']).replace('"currency":"EUR"', '"currency":"EUR","currency":"eur"');
    expect(await complaint('POST', '/orders', body, {}, 'currency')).toBeUndefined();
  });

  it('of 50,000 lines is refused as too large, and of 501, or of too much money, by the name of the lines', async () => {
    const line = { sku: 'A', quantity: 1, unitPrice: 1 };
    const lines = (count: number, one: object) => ({
      ...right['POST /orders'],
      lines: Array(count).fill(one) as object[],
    });
    const send = (body: object) => shop.customer.request('POST', '/orders', body);
    expect(await send(lines(50_000, line))).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    for (const body of [
      lines(501, line),
      lines(20_000, line),
      lines(2, { sku: 'A', quantity: 10_000, unitPrice: 1e9 }),
    ])
      expect(await send(body)).toMatchObject({ status: 422, body: { errors: [{ field: 'lines' }] } });
  });

  it.each(['', ' ', 'two words', 'x'.repeat(256), 'é', 'a\tb', 'one, two, three four'])(
    'that is the Idempotency-Key %j is refused before anything is written',
    async (key) => {
      const body = JSON.stringify(right['POST /orders']);
      expect(await complaint('POST', '/orders', body, { 'idempotency-key': key }, 'Idempotency-Key')).toBeUndefined();
    },
  );

  it.each(['wait', 'wait=', 'wait=-1', 'wait=NaN', 'wait=1e9', 'wait=99999999999999999999', 'respond-async; wait="x"'])(
    'that is the preference %j is ignored, as its RFC asks, and the order judged by its body',
    async (prefer) => {
      const body = JSON.stringify({ ...right['POST /orders'], currency: 'eur' });
      expect(await complaint('POST', '/orders', body, { prefer }, 'currency')).toBeUndefined();
    },
  );

  it('that is a method which a path does not have is answered with those that it has', async () => {
    for (const path of Object.keys(document.paths)) {
      const reached = (route: string) => new RegExp(`^${route.replace('{id}', '[^/]+')}$`).test(filled(path));
      const taken = operations().flatMap((one) => (reached(one.path) ? one.method : []));
      for (const method of ['PUT', 'PATCH', 'DELETE', 'POST'].filter((one) => !taken.includes(one))) {
        const answer = await shop.customer.request(method, filled(path), undefined, TOKEN);
        expect({ method, path, status: answer.status }).toEqual({ method, path, status: 405 });
        for (const own of Object.keys(document.paths[path]!))
          expect(answer.headers.get('allow')).toContain(own.toUpperCase());
      }
    }
  });

  it('that is not even HTTP is answered and cut off', async () => {
    const { port } = new URL(shop.shop.url);
    for (const bytes of ['nonsense\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`]) {
      const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
      let answer = '';
      socket.on('data', (part: string) => (answer += part)).write(bytes);
      await new Promise((closed) => socket.once('close', closed));
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d [^]*application\/problem\+json/);
    }
  });

  it('does not find its way into SQL where it is a right value: a name may look like a statement', async () => {
    expect(await shop.rows(`SELECT DISTINCT name FROM users`)).toEqual([{ name: SQL }]);
    expect(await shop.rows(`SELECT DISTINCT name FROM contacts`)).toEqual([{ name: SQL }]);
  });
});
