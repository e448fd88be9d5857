import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.js';
import type { Bench } from '../bench.js';
import { PageStuck } from '../notes/reader.js';

const KEYS = 60;
/** Twenty in a row engage the brake; up to SUBSCRIBER_CONCURRENCY have begun by then. */
const MOST_TRIED = 20 + 16;

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
