import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { inEveryMode, type TestShop } from '../support/shop.js';
import { readTopics, topicsOf, type TopicRecord } from '../support/topics.js';

const ROOT = resolve(import.meta.dirname, '../..');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Each event and the one that causes it; what a request causes has none. */
const CAUSES: Record<string, string | undefined> = {
  'user.registered': undefined,
  'order.placed': undefined,
  'order.cancelled': undefined,
  'payment.captured': 'order.placed',
  'order.confirmed': 'payment.captured',
  'shipment.scheduled': 'order.confirmed',
  'order.shipped': 'shipment.scheduled',
  'payment.refunded': 'order.cancelled',
  'shipment.cancelled': 'order.cancelled',
};
const run = promisify(execFile);
const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** One order, shipped and then cancelled, each request under a name of its own; and what the topics say of it. */
async function toldStory(shop: TestShop) {
  const { customer } = shop;
  const user = await customer.register('Ada Lovelace');
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
  const placed = await customer.order(user.id, 2500, { 'x-request-id': 'the-placing', traceparent });
  await shop.settled();
  const headers = { 'x-request-id': 'the-cancelling' };
  await customer.request('POST', `/orders/${placed.body.id}/cancel`, undefined, headers);
  await shop.settled();
  return { user, orderId: placed.body.id, records: await readTopics(shop) };
}

const typeOf = (record: TopicRecord) => record.headers.ce_type!;

inEveryMode((open) => {
  let story: Awaited<ReturnType<typeof toldStory>>;
  beforeAll(async () => {
    story = await toldStory(open());
  });

  it('publishes every event of an order, once, on the topic of its module, where there is a broker', () => {
    const told = story.records.map((record) => `${record.topic} ${typeOf(record)}`).sort();
    const topics: Record<string, string> = { user: 'users', order: 'orders', payment: 'billing', shipment: 'shipping' };
    const expected = Object.keys(CAUSES).map((type) => `${topics[type.split('.')[0]!]} ${type}`);
    expect(told).toEqual(open().guarantees.needsBroker ? expected.sort() : []);
  });

  it('describes each record as a CloudEvent whose data keeps the published schema', () => {
    const ids = new Set(story.records.map(({ headers }) => headers.ce_id));
    expect(ids.size).toBe(story.records.length);
    for (const { key, value, headers } of story.records) {
      const name = headers.ce_type!;
      expect(headers).toMatchObject({
        ce_specversion: '1.0',
        ce_id: expect.stringMatching(UUID) as string,
        ce_source: 'urn:shop',
        ce_subject: key,
        ce_dataschema: `urn:shop:event:${name}:1`,
        ce_sequencetype: 'Integer',
        'content-type': 'application/json',
      });
      expect(headers.ce_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
      const schema = JSON.parse(readFileSync(`${ROOT}/src/contracts/schemas/${name}.v1.json`, 'utf8')) as object;
      const data = JSON.parse(value) as Record<string, unknown>;
      expect({ name, refused: ajv.validate(schema, data) ? null : ajv.errors }).toEqual({ name, refused: null });
      expect(key).toBe(name === 'user.registered' ? story.user.id : story.orderId);
      expect(String(data.sequence)).toBe(headers.ce_sequence);
    }
  });

  it('numbers the events of each key 1, 2, 3 … in one partition, so that anybody can find a gap', () => {
    const lanes = new Map<string, TopicRecord[]>();
    for (const record of story.records) {
      const lane = `${record.topic}/${record.key}`;
      lanes.set(lane, [...(lanes.get(lane) ?? []), record]);
    }
    expect(lanes.size).toBe(open().guarantees.needsBroker ? 4 : 0);
    for (const lane of lanes.values()) {
      expect(new Set(lane.map(({ partition }) => partition)).size).toBe(1);
      const byOffset = [...lane].sort((a, b) => a.offset - b.offset);
      expect(byOffset.map(({ headers }) => Number(headers.ce_sequence))).toEqual(lane.map((_, index) => index + 1));
    }
  });

  it('names the request that began it, the event that caused it, and the trace of both', () => {
    const idOf = new Map(story.records.map((record) => [typeOf(record), record.headers.ce_id]));
    for (const record of story.records) {
      const cause = CAUSES[typeOf(record)];
      expect({ type: typeOf(record), cause: record.headers['causation-id'] }).toEqual({
        type: typeOf(record),
        cause: cause === undefined ? undefined : idOf.get(cause),
      });
      if (record.topic === 'users') continue;
      const cancelling = /cancelled|refunded/.test(typeOf(record));
      expect(record.headers['correlation-id']).toBe(cancelling ? 'the-cancelling' : 'the-placing');
      const [, trace] = record.headers.traceparent!.split('-');
      expect(trace === TRACE).toBe(!cancelling);
    }
  });

  it('writes an e-mail address and a name into no topic but `users`', () => {
    const holding = story.records.filter(({ value, headers }) => {
      const text = `${value} ${JSON.stringify(headers)}`;
      return text.includes(story.user.email) || text.includes('Ada Lovelace');
    });
    expect(holding.map(({ topic }) => topic)).toEqual(open().guarantees.needsBroker ? ['users'] : []);
  });

  it('can be read by a stranger with plain kafkajs, where there is something to read', async () => {
    const { env, guarantees } = open();
    const args = ['docs/plain-consumer.mjs', env.KAFKA_BROKERS!, `${env.TOPIC_PREFIX}orders`, '--once'];
    if (!guarantees.needsBroker) return expect(await topicsOf(open())).toEqual([]);
    const { stdout } = await run(process.execPath, args, { cwd: ROOT, timeout: 30_000 });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').slice(0, 3));
    expect(lines).toEqual(
      ['order.placed', 'order.confirmed', 'order.shipped', 'order.cancelled'].map((type, index) => [
        story.orderId,
        type,
        String(index + 1),
      ]),
    );
  });
});
