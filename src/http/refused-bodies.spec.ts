import { openTinyShop, order, type OpenTinyShop } from '../../test/support/tiny-shop.js';

describe('a body', () => {
  let shop: OpenTinyShop;
  beforeAll(async () => {
    shop = await openTinyShop();
  });
  afterAll(() => shop.app.close());

  it('takes a good order', async () => {
    const taken = await shop.post('/orders', JSON.stringify(order));
    expect(taken).toMatchObject({ status: 201, body: order });
  });

  describe('names the field of a body that', () => {
    const lines = (line: object) => ({ ...order, lines: [{ ...order.lines[0], ...line }] });
    it.each<[string, unknown, string]>([
      ['lacks a field', { lines: [] }, 'userId'],
      ['has null in one', { ...order, userId: null }, 'userId'],
      ['has the wrong type in one', { ...order, lines: 'tea' }, 'lines'],
      ['has an unknown field', { ...order, coupon: 1 }, 'coupon'],
      ['has an unknown field named constructor', { ...order, constructor: 1 }, 'constructor'],
      ['has an unknown field deep inside', lines({ colour: 'red' }), 'lines.0.colour'],
      ['is negative', lines({ quantity: -1 }), 'lines.0.quantity'],
      ['is zero', lines({ quantity: 0 }), 'lines.0.quantity'],
      ['is a fraction', lines({ quantity: 1.5 }), 'lines.0.quantity'],
      ['is huge', lines({ quantity: 1e300 }), 'lines.0.quantity'],
      ['is a number as text', lines({ quantity: '1' }), 'lines.0.quantity'],
      ['contains NUL', lines({ sku: 'te\0a' }), 'lines.0.sku'],
      ['contains half a surrogate pair', lines({ sku: 'te\ud800a' }), 'lines.0.sku'],
      ['contains NUL in a field without rules', { ...order, note: '\0' }, 'note'],
      ['is an array', [], 'body'],
      ['is text', 'order', 'body'],
      ['is null', null, 'body'],
    ])('%s', async (_, body, field) => {
      const refused = await shop.post('/orders', JSON.stringify(body));
      expect(refused).toMatchObject({ status: 422, code: 'invalid_body' });
      expect(refused.fields).toContain(field);
    });

    it.each([
      ['has NUL in a name', '{"no\\u0000te": 1}', 'no\\u0000te'],
      ['has half a surrogate pair in a name', '{"no\\ud800te": 1}', 'no\ufffdte'],
      ['reaches for the prototype', '{"__proto__": {"admin": true}}', '__proto__'],
      ['has a number that JSON cannot hold', '{"lines": [{"sku": "a", "quantity": 1e400}]}', 'lines.0.quantity'],
      ['is minus zero', '{"lines": [{"sku": "a", "quantity": -0}]}', 'lines.0.quantity'],
      [
        'has an integer that JavaScript rounds',
        '{"lines": [{"sku": "a", "quantity": 9007199254740993}]}',
        'lines.0.quantity',
      ],
      ['is nested too deeply', `{"lines": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 'lines.0.0.0'],
      ['is empty', '', 'body'],
    ])('%s', async (_, bytes, field) => {
      const refused = await shop.post('/orders', bytes);
      expect(refused).toMatchObject({ status: 422, code: 'invalid_body' });
      expect(refused.fields).toContain(field);
    });

    it('has 50,000 lines', async () => {
      const lines = Array.from({ length: 50_000 }, () => ({}));
      const refused = await shop.post('/orders', JSON.stringify({ ...order, lines }));
      expect(refused).toMatchObject({ status: 422, fields: ['lines'] });
    });

    it('is wrong in 500 places, of which it names the first 20', async () => {
      const lines = Array.from({ length: 500 }, () => ({ sku: 'tea', quantity: 0 }));
      const refused = await shop.post('/orders', JSON.stringify({ ...order, lines }));
      expect(refused.fields).toHaveLength(20);
      expect(refused.body.detail).toContain('and 480 more');
    });
  });

  it.each([
    ['cut short', '{"userId": '],
    ['not JSON', 'userId=1'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['NaN', '{"total": NaN}'],
  ])('answers a body that is %s with broken_json', async (_, bytes) => {
    expect(await shop.post('/orders', bytes)).toMatchObject({ status: 400, code: 'broken_json' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
  ])('reads no body of type %s', async (type) => {
    const refused = await shop.post('/orders', 'userId=1', { 'content-type': type });
    expect(refused).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('answers 10 MB with body_too_large', async () => {
    expect(await shop.post('/orders', Buffer.alloc(10_000_000, 32))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
    const streamed = await shop.raw(
      `POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n200000\r\n${' '.repeat(0x200000)}\r\n0\r\n\r\n`,
    );
    expect(streamed).toMatch(/^HTTP\/1.1 413 [^]*"code":"body_too_large"/);
  });
});
