import { randomUUID } from 'node:crypto';
import { readTopics } from '../../support/topics.js';
import { until } from '../../support/until.js';
import type { Bench } from '../bench.js';
import { upTo } from '../notes/notebook.js';
import { PageStuck, PageTorn, writeDown } from '../notes/reader.js';

export function itParksWhatFails(open: () => Bench): void {
  /** Three events of one key, the first of which will not pass. */
  async function tornNote() {
    const { shop, notes } = open();
    const key = randomUUID();
    notes.reader.behave(key, () => Promise.reject(new PageTorn('The page is torn.')));
    await notes.writeMany(key, 3);
    await shop.settled();
    return { key, parked: await notes.parked(key) };
  }

  describe('a delivery that fails', () => {
    it('is tried again when it is due, and finishes by itself', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      let failures = 0;
      notes.reader.behave(key, (run) =>
        ++failures > 4 ? writeDown(run) : Promise.reject(new PageStuck('The page sticks.')),
      );
      await notes.writeMany(key, 2);
      await shop.settled();

      expect(await notes.sequences(key)).toEqual([1, 2]);
      expect(notes.reader.runsOf(key).map(({ note }) => note.sequence)).toEqual([1, 1, 1, 1, 1, 2]);
      expect(await notes.parked(key)).toEqual([]);
    });

    it('waits for a person when it will not pass, with what comes behind it, and was tried once', async () => {
      const { notes } = open();
      const { key, parked } = await tornNote();
      expect(parked).toMatchObject([
        { subscriber: 'notes', name: 'note.written', dueAt: null, behind: 0, error: 'page_torn: The page is torn.' },
        { behind: 1, dueAt: null },
        { behind: 2, dueAt: null },
      ]);
      expect(notes.reader.runsOf(key)).toHaveLength(1);
    });

    it('is announced to `dead-letters` as a reference, once, where there is a topic to read', async () => {
      const { shop } = open();
      const { key, parked } = await tornNote();
      const letters = (await readTopics(shop)).filter(
        ({ topic, value }) => topic === 'dead-letters' && value.includes(key),
      );
      expect(await shop.rows('SELECT 1 FROM outbox')).toEqual([]);
      if (!shop.guarantees.needsBroker) return expect(letters).toEqual([]);
      expect(letters.map(({ value }) => JSON.parse(value) as unknown)).toMatchObject([
        {
          parkedId: parked[0]!.id,
          subscriber: 'notes',
          topic: 'notes',
          key,
          eventId: parked[0]!.eventId,
          code: 'page_torn',
        },
      ]);
    });

    it('keeps its place and its event id when a person sends it again', async () => {
      const { shop, notes } = open();
      const { key, parked } = await tornNote();
      notes.reader.heal(key);
      // Asked for the last one, the shop sends all that stand before it.
      expect(await notes.parkedDeliveries.redrive({ id: parked[2]!.id })).toEqual({
        lanes: 1,
        before: [parked[0]!.id, parked[1]!.id],
      });
      await shop.settled();
      const readings = await notes.readings(key);
      expect(readings.map(({ sequence }) => sequence)).toEqual(upTo(3));
      expect(readings.map(({ eventId }) => eventId)).toEqual(parked.map(({ eventId }) => eventId));
    });

    it('is never brought back once a person has deleted it, and those behind it go on', async () => {
      const { shop, notes } = open();
      const { key, parked } = await tornNote();
      notes.reader.heal(key);
      await notes.parkedDeliveries.delete(parked[0]!.id);
      await shop.settled();
      expect(await notes.sequences(key)).toEqual([2, 3]);
      const marks = await shop.rows(`SELECT outcome FROM inbox WHERE subscriber = 'notes' AND event_id = $1`, [
        parked[0]!.eventId,
      ]);
      expect(marks).toEqual([{ outcome: 'deleted' }]);

      await notes.slip({ eventId: parked[0]!.eventId, key });
      await shop.settled();
      expect(await notes.sequences(key)).toEqual([2, 3]);
    });

    it('that has ended its process five times while it was tried again waits for a person, and is not run', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      notes.reader.behave(key, () => Promise.reject(new PageStuck('The page sticks.')));
      await notes.write(key);
      // Each run that ends alive starts the count anew: it is put back until one is found that was begun too often.
      const begunFiveTimes = () =>
        shop.rows(`UPDATE parked_key SET starts = 5 WHERE key = $1 AND due_at < 'infinity' RETURNING 1`, [key]);
      await until('the lane to wait for a person', async () => {
        await begunFiveTimes();
        return (await notes.parked(key))[0]?.dueAt === null;
      });
      expect(await notes.codes(key)).toEqual(['handler_ends_process']);
      const runs = notes.reader.runsOf(key).length;
      notes.reader.heal(key);
      await notes.parkedDeliveries.redrive({ code: 'handler_ends_process' });
      await shop.settled();
      expect(notes.reader.runsOf(key)).toHaveLength(runs + 1);
      expect(await notes.sequences(key)).toEqual([1]);
    });

    it('that may have ended its process is tried alone, so that no other one is counted with it', async () => {
      const { shop, notes } = open();
      const keys = [randomUUID(), randomUUID()];
      for (const key of keys) {
        notes.reader.behave(key, () => Promise.reject(new PageStuck('The page sticks.')));
        await notes.write(key);
      }
      const begunThreeTimes = () =>
        shop.rows(
          `WITH put AS (
             UPDATE parked_key SET starts = 3, due_at = clock_timestamp() + interval '1 hour'
             WHERE key = ANY($1) AND lease_until < clock_timestamp() RETURNING 1)
           SELECT * FROM put`,
          [keys],
        );
      await until('both to be parked, and neither to run', async () => (await begunThreeTimes()).length === 2);

      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const begun: string[] = [];
      for (const key of keys)
        notes.reader.behave(key, (run) => {
          begun.push(key);
          return held.then(() => writeDown(run));
        });
      await shop.rows(`UPDATE parked_key SET due_at = clock_timestamp() WHERE key = ANY($1)`, [keys]);
      await until('one of them to run', () => begun.length > 0);
      const starts = await shop.rows<{ starts: number }>(
        `SELECT starts FROM parked_key WHERE key = ANY($1) ORDER BY starts`,
        [keys],
      );
      expect({ starts, begun: begun.length }).toEqual({ starts: [{ starts: 3 }, { starts: 4 }], begun: 1 });
      letGo();
      await shop.settled();
      for (const key of keys) expect(await notes.sequences(key)).toEqual([1]);
    });

    it('cannot be deleted while it runs', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      let begun = false;
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      notes.reader.behave(key, async (run) => {
        if (notes.reader.runsOf(key).length <= 2) throw new PageStuck('The page sticks.');
        begun = true;
        await held;
        return writeDown(run);
      });
      await notes.write(key);
      await until('the parked delivery to run', () => begun);
      const { id } = (await notes.parked(key))[0]!;
      const refused = notes.parkedDeliveries.delete(id).catch((error: unknown) => error);
      expect(await refused).toMatchObject({ code: 'lane_leased' });
      letGo();
      await shop.settled();
      expect(await notes.sequences(key)).toEqual([1]);
    });
  });
}
