import { randomUUID } from 'node:crypto';
import { Delivery, On, Subscriber } from '../../../src/messaging/index.js';
import { until } from '../../support/until.js';
import type { Bench } from '../bench.js';
import { NoteWritten, type Note } from '../notes/note.events.js';
import { PageStuck, writeDown } from '../notes/reader.js';

export function itRunsEachDeliveryOnce(open: () => Bench): void {
  describe('a handler', () => {
    it('is not called for an event that has had its effect and arrives again', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      await notes.write(key);
      await shop.settled();
      const { eventId } = (await notes.readings(key))[0]!;
      await notes.slip({ eventId, key });
      await shop.settled();
      expect(notes.reader.runsOf(key)).toHaveLength(1);
      expect(await notes.sequences(key)).toEqual([1]);
    });

    it('is called once for an event that stands twice in the same fetch', async () => {
      const { shop, notes } = open();
      const [key, eventId] = [randomUUID(), randomUUID()];
      await notes.transaction(async (tx) => {
        for (const sequence of [1, 1])
          await tx.query(
            `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
             VALUES ($1, 'note.written', 1, 'notes', $2, $3, $4, '{}')`,
            [eventId, key, sequence, JSON.stringify({ noteId: key, sequence, text: '' })],
          );
      });
      await shop.settled();
      expect(notes.reader.runsOf(key)).toHaveLength(1);
      expect(await notes.sequences(key)).toEqual([1]);
    });

    it('that returns without an effect is a defect, and its delivery waits for a person', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      notes.reader.behave(key, () => Promise.resolve());
      await notes.write(key);
      await shop.settled();
      expect(await notes.codes(key)).toEqual(['effect_not_committed']);
      expect(notes.reader.runsOf(key)).toHaveLength(1);
    });

    it('has its first effect and no second one when it asks for two', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      let second: unknown;
      notes.reader.behave(key, async (run) => {
        await writeDown(run);
        second = await writeDown(run).catch((error: unknown) => error);
        throw second as Error;
      });
      await notes.writeMany(key, 2);
      await shop.settled();
      expect(second).toMatchObject({ code: 'delivery_closed' });
      expect(await notes.sequences(key)).toEqual([1, 2]);
    });

    it('that fails after its effect is not called again, and holds up nobody behind it', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      const failing = async (when: 'arriving' | 'parked') => {
        notes.reader.behave(key, async (run) => {
          const runs = notes.reader.runsOf(key).length;
          if (when === 'parked' && runs <= 2) throw new PageStuck('The page sticks.');
          await writeDown(run);
          throw new PageStuck('Too late to stick.');
        });
        await notes.writeMany(key, 2);
        await shop.settled();
      };
      await failing('arriving');
      expect(notes.reader.runsOf(key)).toHaveLength(2);
      notes.reader.runs.length = 0;
      await failing('parked');
      expect(notes.reader.runsOf(key).map(({ note }) => note.sequence)).toEqual([3, 3, 3, 4]);
      expect(await notes.sequences(key)).toEqual([1, 2, 3, 4]);
      expect(await notes.parked(key)).toEqual([]);
    });

    it('whose time is up finds the door shut, however late it comes with its effect', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      let late: unknown;
      notes.reader.behave(key, async (run) => {
        if (notes.reader.runsOf(key).length > 1) throw new PageStuck('The page sticks.');
        await held;
        late = await writeDown(run).catch((error: unknown) => error);
      });
      await notes.write(key);
      await until('the time to be up', async () => (await notes.parked(key)).length === 1);
      // An arrival that has used its time up is not run a second time at once.
      expect(notes.reader.runsOf(key)).toHaveLength(1);
      expect(await notes.codes(key)).toEqual(['handler_timed_out']);
      letGo();
      await until('the late effect', () => late !== undefined);
      expect(late).toMatchObject({ code: 'delivery_closed' });
      expect(await notes.sequences(key)).toEqual([]);

      notes.reader.heal(key);
      await shop.settled();
      expect(await notes.sequences(key)).toEqual([1]);
    });

    it('may not be one of two for the same event in one subscriber', () => {
      const declare = () => {
        @Subscriber('twice', { from: 'now' })
        class Twice {
          @On(NoteWritten) one(_note: Note, delivery: Delivery) {
            return delivery.once(() => Promise.resolve());
          }
          @On(NoteWritten) two(_note: Note, delivery: Delivery) {
            return delivery.once(() => Promise.resolve());
          }
        }
        return Twice;
      };
      expect(declare).toThrow('twice hears note.written twice: put both reactions into one handler.');
    });
  });
}
