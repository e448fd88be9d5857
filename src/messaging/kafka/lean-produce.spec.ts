import fc from 'fast-check';
import type produce from 'kafkajs/src/protocol/requests/produce/index.js';
import type { ProduceRequest } from 'kafkajs/src/protocol/requests/produce/index.js';
import { leanProduce } from './lean-produce.js';

type Produce = typeof produce;
const load = async (): Promise<Produce> => (await import('kafkajs/src/protocol/requests/produce/index.js')).default;

const text = fc.string({ unit: 'binary', maxLength: 700 });
const content = fc.option(fc.oneof(text, fc.uint8Array({ maxLength: 3000 }).map(Buffer.from)));
const message = fc.record({
  key: content,
  value: content,
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 60 }), fc.oneof(text, fc.array(text, { maxLength: 3 })), {
    noNullPrototype: true,
    maxKeys: 14,
  }),
});
const timed = fc.record({ value: content, timestamp: fc.integer({ min: 1e12, max: 2 ** 42 }).map(String) });
const messages = fc.oneof(
  { weight: 5, arbitrary: fc.array(message, { minLength: 1, maxLength: 80 }) },
  fc.array(timed, { minLength: 1, maxLength: 3 }),
);
const partition = fc.record({
  partition: fc.integer({ min: 0, max: 1000 }),
  firstSequence: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  messages,
});
const request = fc.record({
  acks: fc.constantFrom(-1, 1),
  timeout: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  // As the broker gives it: a bigint as text.
  producerId: fc.constantFrom('0', '4711', '9007199254740993'),
  producerEpoch: fc.integer({ min: 0, max: 32_767 }),
  topicData: fc.array(fc.record({ topic: text, partitions: fc.array(partition, { minLength: 1, maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
});

describe('the lean produce request', () => {
  let stock: Produce;
  let lean: Produce;
  beforeAll(async () => {
    await jest.isolateModulesAsync(async () => void (stock = await load()));
    leanProduce();
    lean = await load();
    expect(lean).not.toBe(stock);
    jest.useFakeTimers({ now: 1_790_000_000_000 });
  });
  afterAll(() => jest.useRealTimers());

  const bytes = async (by: Produce, version: number, given: ProduceRequest) =>
    (await by.protocol({ version })(given).request.encode()).buffer;

  it.each([3, 7])('holds the same bytes that kafkajs writes, in version %d', async (version) => {
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const [own, theirs] = [await bytes(lean, version, given), await bytes(stock, version, given)];
        expect(own.equals(theirs)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('holds the same bytes for many records, and for one that fills a batch', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({ key: `order-${n}`, value: 'ü'.repeat(n % 90) }));
    for (const records of [many, [{ key: null, value: 'x'.repeat(700_000) }]]) {
      const topicData = [{ topic: 'orders', partitions: [{ partition: 0, messages: records }] }];
      const given = { acks: -1, timeout: 1, topicData };
      expect((await bytes(lean, 7, given)).equals(await bytes(stock, 7, given))).toBe(true);
    }
  });

  it('is taken by every client of this process, whatever was loaded before', async () => {
    const { default: all } = await import('kafkajs/src/protocol/requests/index.js');
    expect(all.requests.Produce).toBe(lean);
  });
});
