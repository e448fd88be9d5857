import { Parser } from '@asyncapi/parser';
import { z } from 'zod';
import { EVENTS, OrderPlaced } from '../contracts/index.js';
import { DeliveryParked, event } from '../messaging/index.js';
import { asyncapi, type AsyncApiOptions } from './asyncapi.js';

const options: AsyncApiOptions = {
  app: 'shop',
  mode: 'async',
  brokers: ['one:9092', 'two:9092'],
  topicPrefix: 'blue.',
  subscribers: [{ name: 'billing', from: 'beginning', events: new Map([[OrderPlaced.name, OrderPlaced]]) }],
};
const errorsOf = async (document: object) =>
  (await new Parser().parse(JSON.stringify(document))).diagnostics.filter(({ severity }) => Number(severity) === 0);

describe('the AsyncAPI document', () => {
  it.each([
    ['with brokers', options.brokers],
    ['without a broker', []],
  ])('is valid AsyncAPI 3.0, %s', async (_, brokers) => {
    expect(await errorsOf(asyncapi([...EVENTS, DeliveryParked], { ...options, brokers }))).toEqual([]);
  });

  it('would be red if it were not valid', async () => {
    const broken = { ...asyncapi(EVENTS, options), operations: { lost: { action: 'shout' } } };
    expect(await errorsOf(broken)).not.toEqual([]);
  });

  it('says where an event stands, which headers it has, and which consumer group reads it', async () => {
    const { document } = await new Parser().parse(JSON.stringify(asyncapi(EVENTS, options)));
    const billing = document!.operations().get('billing.receive.orders')!;
    expect(billing.channels()[0]!.address()).toBe('blue.orders');
    expect(billing.messages().map((message) => message.id())).toEqual(['order.placed.v1']);
    expect(billing.bindings().get('kafka')!.value()).toMatchObject({ groupId: { const: 'shop.billing' } });
    const headers = billing.messages()[0]!.headers()!.json<{ properties: object }>();
    expect(headers.properties).toMatchObject({ ce_dataschema: { const: 'urn:shop:event:order.placed:1' } });
  });

  it('describes the former versions too: their records may still stand in the topic', async () => {
    const Paid = z.object({ orderId: z.string() });
    const paid = event({
      name: 'order.paid',
      version: 2,
      topic: 'orders',
      key: (data) => data.orderId,
      sequence: () => 1,
      schema: Paid.extend({ cents: z.int() }),
      formerly: { 1: Paid },
    });
    const document = asyncapi([paid], { ...options, subscribers: [] });
    expect(await errorsOf(document)).toEqual([]);
    expect(Object.keys((document.components as { messages: object }).messages)).toEqual([
      'order.paid.v1',
      'order.paid.v2',
    ]);
    expect(document.operations).toMatchObject({
      'orders.send': { messages: [{ $ref: '#/channels/orders/messages/order.paid.v2' }] },
    });
  });
});
