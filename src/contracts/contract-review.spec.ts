import { z } from 'zod';
import { event } from '../messaging/event.js';
import { publishedSchemas, review } from './contract-review.js';

const Paid = z.object({ orderId: z.uuid(), amount: z.int() });
const paid = (schema: z.ZodType<{ orderId: string }>, version = 1, formerly = {}) =>
  event({ name: 'order.paid', version, topic: 'orders', key: (d) => d.orderId, sequence: () => 1, schema, formerly });
const readers = () => ['billing', 'analytics'];
const committed = publishedSchemas([paid(Paid)]);
const found = (...events: ReturnType<typeof paid>[]) => review(committed, publishedSchemas(events), readers);

describe('a change of a published event', () => {
  it('is none when the schema is as committed', () => {
    expect(found(paid(Paid))).toEqual({ breaking: [], stale: [] });
  });

  it('names each reader that it breaks, the place, and the new version as the cure', () => {
    const { breaking, stale } = found(paid(Paid.omit({ amount: true })));
    expect(stale).toEqual([]);
    expect(breaking).toEqual([
      'order.paid.v1.json breaks billing, analytics, a stranger who reads the topic: in a new record amount may be missing. ' +
        'Leave version 1 as it was, and publish version 2 with an upcaster.',
    ]);
  });

  it('is refused when records that are already in the topic could not be read any more', () => {
    const { breaking } = found(paid(Paid.extend({ currency: z.string() })));
    expect(breaking).toEqual([
      expect.stringContaining('in a record that is already in the topic currency may be missing'),
    ]);
  });

  it('asks for a new committed file when every reader still reads it', () => {
    const { breaking, stale } = found(paid(Paid.extend({ note: z.string().optional() })));
    expect(breaking).toEqual([]);
    expect(stale).toEqual(['order.paid.v1.json has changed, and every reader still reads it: run npm run contracts.']);
  });

  it('is free in a new version, as long as the former one stays declared', () => {
    const next = Paid.omit({ amount: true }).extend({ cents: z.int() });
    expect(found(paid(next, 2, { 1: Paid }))).toEqual({
      breaking: [],
      stale: ['order.paid.v2.json is not committed yet: run npm run contracts.'],
    });
    expect(found(paid(next, 2)).breaking).toEqual([
      expect.stringContaining('put the schema into formerly[1] with an upcaster'),
    ]);
  });
});
