import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.js';
import type { Bench } from '../bench.js';
import { upTo } from '../notes/notebook.js';
import { PageStuck } from '../notes/reader.js';

export function itCarriesWhatWasCommitted(open: () => Bench): void {
  describe('what is announced', () => {
    it('arrives if and only if its transaction commits', async () => {
      const { shop, notes } = open();
      const [kept, dropped] = [randomUUID(), randomUUID()];
      const rolledBack = notes.transaction(async (tx) => {
        await notes.announce(tx, dropped);
        throw new RangeError('The business changed its mind.');
      });
      await expect(rolledBack).rejects.toThrow('changed its mind');
      await notes.write(kept);
      await shop.settled();

      expect(await notes.sequences(kept)).toEqual([1]);
      expect(await notes.sequences(dropped)).toEqual([]);
      expect(await shop.rows('SELECT 1 FROM outbox')).toEqual([]);
    });

    it('arrives in the order of its key, although twenty keys are announced side by side', async () => {
      const { shop, notes } = open();
      const keys = Array.from({ length: 20 }, () => randomUUID());
      await Promise.all(keys.map((key) => notes.writeMany(key, 10)));
      await shop.settled();
      for (const key of keys) expect(await notes.sequences(key)).toEqual(upTo(10));
    });

    it('keeps the order of a key while its handler fails and recovers, and other keys go on meanwhile', async () => {
      const { shop, notes } = open();
      const [failing, other] = [randomUUID(), randomUUID()];
      await notes.write(failing);
      await shop.settled();
      notes.reader.behave(failing, () => Promise.reject(new PageStuck('The page sticks.')));
      await notes.transaction(async (tx) => {
        for (let n = 0; n < 4; n++) await notes.announce(tx, failing);
      });
      await until('the failing key to be parked', async () => (await notes.parked(failing)).length === 4);
      // These come in a later fetch, and must find the lane in the database.
      await notes.writeMany(failing, 3);
      await notes.writeMany(other, 5);
      await until('the other key', async () => (await notes.sequences(other)).length === 5);
      await until('all of the failing key to be parked', async () => (await notes.parked(failing)).length === 7);
      expect(await notes.sequences(failing)).toEqual([1]);
      expect(new Set(notes.reader.runsOf(failing).map(({ note }) => note.sequence))).toEqual(new Set([1, 2]));

      notes.reader.heal(failing);
      await shop.settled();
      expect(await notes.sequences(failing)).toEqual(upTo(8));
      expect(await notes.parked(failing)).toEqual([]);
    });
  });
}
