import { randomUUID } from 'node:crypto';
import type { Bench } from '../bench.js';
import { upTo } from '../notes/notebook.js';
import type { Run } from '../notes/reader.js';

const CASCADES = 40;
const DEPTH = 5;

export function itSaysWhenItIsSettled(open: () => Bench): void {
  describe('settled', () => {
    it('is said only when a cascade of events has had its last effect', async () => {
      const { shop, notes } = open();
      /** Each reading announces the next one in its own transaction, until the note is deep enough. */
      const goOn = ({ subscriber, note, delivery }: Run) =>
        delivery.once(async (tx) => {
          await tx.query(
            `INSERT INTO reading (subscriber, note_id, sequence, text, event_id) VALUES ($1, $2, $3, $4, $5)`,
            [subscriber, note.noteId, note.sequence, note.text, delivery.arrival.eventId],
          );
          if (note.sequence < DEPTH) await notes.announce(tx, note.noteId);
        });
      for (let cascade = 0; cascade < CASCADES; cascade++) {
        const key = randomUUID();
        notes.reader.behave(key, goOn);
        await notes.write(key);
        while (!(await shop.shop.reading()).settled);
        expect(await notes.sequences(key)).toEqual(upTo(DEPTH));
      }
    });
  });
}
