import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.js';
import { openNotes, type Bench } from '../bench.js';
import { PageStuck, PageTorn } from '../notes/reader.js';

const KEYS = 60;
/** SUBSCRIBER_CONCURRENCY. */
const MOST_AT_ONCE = 16;
/** Twenty in a row engage the brake; others have begun by then. */
const MOST_TRIED = 20 + MOST_AT_ONCE;

export function itBrakesInAnOutage(open: () => Bench): void {
  describe('while what a subscriber needs is away', () => {
    /** Sixty keys that fail alike: some are parked, and the others wait behind the brake. */
    async function outage() {
      const { notes } = open();
      const { reader } = notes;
      const keys: string[] = Array.from({ length: KEYS }, () => randomUUID());
      for (const key of keys) reader.behave(key, () => Promise.reject(new PageStuck('The lamp is out.')));
      await notes.transaction(async (tx) => {
        for (const key of keys) await notes.announce(tx, key);
      });
      const tried = () => keys.filter((key) => reader.runsOf(key).length > 0);
      await until('twenty keys to fail', () => tried().length >= 20);
      // The probe of an outage is the oldest parked delivery: it is tried again and again, and arrivals are not.
      await until('probes', () => keys.some((key) => reader.runsOf(key).length >= 6));
      expect(tried().length).toBeLessThanOrEqual(MOST_TRIED);
      return { keys, tried: tried() };
    }

    it('arrivals wait after twenty keys in a row that fail alike, until a parked one succeeds', async () => {
      const { shop, notes } = open();
      const { keys } = await outage();
      for (const key of keys) notes.reader.heal(key);
      await shop.settled();
      for (const key of keys) expect(await notes.sequences(key)).toEqual([1]);
      expect(await shop.rows(`SELECT 1 FROM parked WHERE key = ANY($1)`, [keys])).toEqual([]);
    });

    it('arrivals go on when nothing is left to find out with, because a person or another process took it', async () => {
      const { shop, notes } = open();
      const { keys, tried } = await outage();
      const waiting = keys.filter((key) => !tried.includes(key));
      for (const key of waiting) notes.reader.heal(key);
      await until('all that is parked to be deleted', async () => {
        const parked = (await notes.parkedDeliveries.list(10_000)).filter(({ key }) => tried.includes(key));
        for (const { id } of parked) await notes.parkedDeliveries.delete(id).catch(() => undefined);
        return parked.length === 0;
      });
      await shop.settled();
      for (const key of waiting) expect(await notes.sequences(key)).toEqual([1]);
      for (const key of tried) expect(await notes.sequences(key)).toEqual([]);
    });
  });
}

const LIMIT_BYTES = 40_000;
const TEXT = 'x'.repeat(1500);
/** Those that fill it, and all that have begun by then. */
const MOST_PARKED = Math.ceil(LIMIT_BYTES / TEXT.length) + MOST_AT_ONCE;

export function itHoldsBackWhenTooMuchIsParked(mode: 'async' | 'async-local'): void {
  it('arrivals wait while more is parked than PARKED_MAX_BYTES allows, and none is dropped', async () => {
    const { shop, notes } = await openNotes(mode, { PARKED_MAX_BYTES: String(LIMIT_BYTES) });
    try {
      const { reader, parkedDeliveries } = notes;
      const keys: string[] = Array.from({ length: 3 * MOST_PARKED }, () => randomUUID());
      for (const key of keys) reader.behave(key, () => Promise.reject(new PageTorn('The page is torn.')));
      await notes.transaction(async (tx) => {
        for (const key of keys) await notes.announce(tx, key, TEXT);
      });
      const parked = async () => (await parkedDeliveries.list(10_000)).map(({ id, key }) => ({ id, key }));
      const full = () =>
        shop.rows<{ yes: boolean }>(
          `SELECT sum(octet_length(value) + octet_length(headers)) >= $1 AS yes FROM parked`,
          [LIMIT_BYTES],
        );
      await until('too much to be parked', async () => (await full())[0]!.yes);
      // What a person removes makes room for others, and for no more than that.
      const before = await parked();
      const given = before.slice(0, MOST_AT_ONCE + 4);
      for (const { id } of given) await parkedDeliveries.delete(id);
      const newest = BigInt(before.at(-1)!.id);
      await until('others to be tried', async () => (await parked()).some(({ id }) => BigInt(id) > newest));
      await until('too much to be parked again', async () => (await full())[0]!.yes);
      expect((await parked()).length).toBeLessThanOrEqual(MOST_PARKED);

      for (const key of keys) reader.heal(key);
      // Settled, and sent again: one that was under way before is parked by then.
      await parkedDeliveries.redrive({ code: 'page_torn' });
      await shop.settled();
      await parkedDeliveries.redrive({ code: 'page_torn' });
      await shop.settled();
      const missing = given.map(({ key }) => key);
      for (const key of keys) expect(await notes.sequences(key)).toEqual(missing.includes(key) ? [] : [1]);
    } finally {
      await shop.close();
    }
  });
}
