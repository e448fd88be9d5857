import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { SubscriberRegistry } from '../../src/messaging/index.js';
import { openShop, type TestShop } from '../support/shop.js';
import { readTopics } from '../support/topics.js';
import { until } from '../support/until.js';

interface Poison {
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers: Record<string, string>;
}
const headers = (type: string, version = 1): Record<string, string> => ({
  ce_specversion: '1.0',
  ce_id: randomUUID(),
  ce_type: type,
  ce_source: 'urn:shop',
  ce_time: new Date().toISOString(),
  ce_dataschema: `urn:shop:event:${type}:${version}`,
});

const POISONS: [what: string, code: string, poison: () => Poison][] = [
  [
    'whose value is not JSON',
    'contract_broken',
    () => ({ key: randomUUID(), value: 'no { json', headers: headers('order.placed') }),
  ],
  [
    'that breaks its contract',
    'contract_broken',
    () => ({ key: randomUUID(), value: '{"orderId":1}', headers: headers('order.placed') }),
  ],
  ['without a value', 'contract_broken', () => ({ key: randomUUID(), value: null, headers: headers('order.placed') })],
  [
    'of a version to come',
    'unknown_version',
    () => ({ key: randomUUID(), value: '{}', headers: headers('order.placed', 99) }),
  ],
  ['without headers', 'unreadable_record', () => ({ key: randomUUID(), value: '{}', headers: {} })],
  ['without a key', 'unreadable_record', () => ({ key: null, value: 'x', headers: {} })],
  ['with NUL in its key', 'unreadable_record', () => ({ key: 'a\0b', value: Buffer.from([0, 255]), headers: {} })],
  ['with a key of 5 kB', 'unreadable_record', () => ({ key: 'k'.repeat(5000), value: 'x', headers: {} })],
  ['of almost 1 MB', 'unreadable_record', () => ({ key: randomUUID(), value: Buffer.alloc(900_000, 1), headers: {} })],
  [
    'of another application',
    'unreadable_record',
    () => ({ key: randomUUID(), value: '{}', headers: { ...headers('order.placed'), ce_source: 'urn:other' } }),
  ],
];
const TOKEN = { authorization: 'Bearer a-token-for-tests-only' };

describe('a record', () => {
  let shop: TestShop;
  let user: { id: string };
  /** Who reads the topic, and which of them hear of placed orders. */
  let readers: string[];
  let hearers: string[];

  beforeAll(async () => {
    shop = await openShop('async');
    user = await shop.customer.register();
    const all = shop.shop.app.get(SubscriberRegistry).all();
    const hears = (events: ReadonlyMap<string, { topic: string }>) =>
      [...events.values()].some(({ topic }) => topic === 'orders');
    readers = all.flatMap(({ name, events }) => (hears(events) ? name : [])).sort();
    hearers = all.flatMap(({ name, events }) => (events.has('order.placed') ? name : [])).sort();
    expect(readers.length).toBeGreaterThan(hearers.length);
  });
  afterAll(() => shop?.close());

  async function publish(poison: Poison): Promise<void> {
    const kafka = new Kafka({ brokers: [shop.env.KAFKA_BROKERS!], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: `${shop.env.TOPIC_PREFIX}orders`, messages: [poison] });
    await producer.disconnect();
  }
  const parked = async () =>
    (
      await shop.customer.get<{
        deliveries: { id: string; subscriber: string; error: string; dueAt: string | null }[];
      }>('/admin/parked', TOKEN)
    ).body.deliveries;

  it.each(POISONS)('%s waits for a person (%s), and everybody else goes on', async (_what, code, poison) => {
    await publish(poison());
    const { body } = await shop.customer.order(user.id);
    await shop.settled();
    expect((await shop.customer.read(body.id)).status).toBe('shipped');
    const waiting = await parked();
    // Without an identity it may be for anyone; who does not hear of placed orders has nothing to wait for.
    const concerned = code === 'unreadable_record' ? readers : hearers;
    expect(waiting.map(({ subscriber }) => subscriber).sort()).toEqual(concerned);
    for (const { error, dueAt } of waiting) expect({ code: error.split(':')[0], dueAt }).toEqual({ code, dueAt: null });
    // No repetition cures it, so a person gives it up; that is remembered.
    await shop.customer.request('POST', '/admin/parked/redrive', { code }, TOKEN);
    await shop.settled();
    expect(await parked()).toHaveLength(concerned.length);
    for (const { id } of waiting)
      expect((await shop.customer.request('DELETE', `/admin/parked/${id}`, undefined, TOKEN)).status).toBe(204);
    expect(await parked()).toEqual([]);
  });

  it('that waits for a person is told to `dead-letters`, by reference and not with its bytes', async () => {
    const letters = (await readTopics(shop)).filter(({ topic }) => topic === 'dead-letters');
    const told = letters.map(({ value }) => JSON.parse(value) as { subscriber: string; code: string; excerpt: string });
    expect(new Set(told.map(({ subscriber }) => subscriber))).toEqual(new Set(readers));
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(POISONS.map(([, code]) => code)));
    for (const { excerpt } of told) expect(excerpt.length).toBeLessThanOrEqual(1000);
  });

  it('of a name that this release does not know waits for the next one, and holds nobody else up', async () => {
    await publish({ key: randomUUID(), value: '{}', headers: headers('order.framed') });
    const { body } = await shop.customer.order(user.id);
    await until('the order to be shipped', async () => (await shop.customer.read(body.id)).status === 'shipped');
    await until('every reader to have parked it', async () => (await parked()).length === readers.length);
    for (const { error, dueAt } of await parked()) {
      expect(error).toBe('unknown_event: No event is called order.framed in this release.');
      expect(dueAt).not.toBeNull();
    }
  });
});
