import type { Carrier } from './carrier.js';
import type { MessagingOptions } from './messaging-options.js';
import { Settlement } from './settlement.js';
import type { SubscriberRegistry } from './subscriber-registry.js';

/** What one reading finds; all of it is nothing where the test does not say otherwise. */
interface Found {
  lastSeq?: string;
  rows?: number;
  ends?: string;
  lag?: number;
  lanes?: number;
}

/** Settlement over readings that the test plays, one after another; the last one stays. */
function settlement(...readings: Found[]) {
  let reads = -1;
  const now = () => readings[Math.min(reads, readings.length - 1)]!;
  const query = (sql: string): Promise<unknown[]> => {
    if (sql.includes('outbox_seq_seq')) {
      reads++;
      return Promise.resolve([{ last: now().lastSeq ?? '1', rows: now().rows ?? 0 }]);
    }
    const { lanes = 0 } = now();
    return Promise.resolve(lanes > 0 ? [{ subscriber: 'billing', lanes, depth: lanes, error: '' }] : []);
  };
  const carrier: Partial<Carrier> = {
    progress: () => Promise.resolve(now().ends ?? 'ends'),
    lags: () =>
      Promise.resolve([{ subscriber: 'billing', group: 'shop.billing', topic: 'orders', lag: now().lag ?? 0 }]),
  };
  const options = { deliveries: { query } } as unknown as MessagingOptions;
  return new Settlement(options, carrier as Carrier, { all: () => [] } as unknown as SubscriberRegistry).reading();
}

describe('settled', () => {
  it('is said when two readings in a row find nothing, and the same', async () => {
    expect(await settlement({})).toEqual({ settled: true, missing: [], left: 0 });
  });

  it.each<[string, Found]>([
    ['a row waits in the outbox', { rows: 1 }],
    ['a subscriber is behind', { lag: 1 }],
    ['a parked delivery will be retried', { lanes: 1 }],
  ])('is not said while %s, at the first look or at the second', async (_what, found) => {
    for (const readings of [[found], [{}, found]])
      expect(await settlement(...readings)).toMatchObject({ settled: false, left: 1, missing: [expect.any(String)] });
  });

  it.each<[string, Found]>([
    ['an event was announced', { lastSeq: '2' }],
    ['a record was sent', { ends: 'later ends' }],
  ])('is not said when %s between the two, although each of them finds nothing', async (_what, found) => {
    expect(await settlement({}, found)).toMatchObject({
      settled: false,
      missing: ['events are still being announced'],
    });
  });
});
