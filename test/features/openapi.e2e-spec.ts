import { Validator } from '@seriousme/openapi-schema-validator';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openShop, type TestShop } from '../support/shop.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

describe('/openapi.json', () => {
  let shop: TestShop;
  let document: OpenAPIObject;
  const operations: [name: string, operation: Operation][] = [];

  beforeAll(async () => {
    shop = await openShop('sync');
    document = (await shop.customer.get<OpenAPIObject>('/openapi.json')).body;
    for (const [path, item] of Object.entries(document.paths))
      for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const)
        if (item[method]) operations.push([`${method.toUpperCase()} ${path}`, item[method]]);
  });
  afterAll(() => shop?.close());

  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({
      valid: true,
    });
    expect(validator.version).toBe('3.1');
  });

  it('has every call of the shop, and no handler of events', () => {
    expect(operations.map(([name]) => name).sort()).toEqual([
      'DELETE /admin/parked/{id}',
      'GET /admin/outbox',
      'GET /admin/parked',
      'GET /admin/parked/{id}',
      'GET /admin/settled',
      'GET /admin/subscribers',
      'GET /analytics/sales',
      'GET /analytics/stream',
      'GET /asyncapi.json',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
      'GET /orders',
      'GET /orders/{id}',
      'GET /orders/{id}/timeline',
      'GET /users',
      'GET /users/{id}',
      'GET /users/{id}/orders',
      'POST /admin/parked/redrive',
      'POST /orders',
      'POST /orders/{id}/cancel',
      'POST /users',
    ]);
  });

  it('says the shape of every answer, and that every refusal is a problem document', () => {
    const vague = operations.flatMap(([name, operation]) =>
      Object.entries(operation.responses).flatMap(([status, response]) => {
        const content = ('content' in response! ? response.content : undefined) ?? {};
        const [type] = Object.keys(content);
        if (status === '204') return type ? [`${name} ${status} has a body`] : [];
        if (!type || !content[type]!.schema || Object.keys(content[type]!.schema).length === 0)
          return [`${name} ${status} has no schema`];
        const ofProbe = name.includes('/health/');
        if (Number(status) >= 400 && !ofProbe && type !== 'application/problem+json')
          return [`${name} ${status}: ${type}`];
        return [];
      }),
    );
    expect(vague).toEqual([]);
  });

  it('has an id for every operation, each once', () => {
    const ids = operations.map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes the headers that matter: Idempotency-Key and Prefer of an order, Retry-After of a 503', () => {
    const place = document.paths['/orders']!.post!;
    const headers = place.parameters!.map((parameter) =>
      'in' in parameter ? [parameter.name, parameter.required] : [],
    );
    expect(headers).toEqual(
      expect.arrayContaining([
        ['Idempotency-Key', false],
        ['Prefer', false],
      ]),
    );
    expect(place.responses['503']).toMatchObject({ headers: { 'Retry-After': { required: true } } });
  });

  it('asks for the token on administration, and on nothing else', () => {
    const secured = operations
      .filter(([, operation]) => operation.security?.length)
      .map(([name]) => name.split(' ')[1]!);
    expect(secured.length).toBeGreaterThan(0);
    for (const path of secured) expect(path).toMatch(/^\/admin\//);
    for (const [name, operation] of operations)
      if (name.includes('/admin/')) expect(operation.responses).toHaveProperty('401');
  });
});
