import { randomUUID } from 'node:crypto';
import type { Bench } from '../bench.js';
import { finishedNotes } from '../notes/checked.subscriber.js';
import { NoteChecked } from '../notes/note.events.js';

export function itPassesThroughNest(open: () => Bench): void {
  describe('on its way to the handler a delivery passes', () => {
    it('the pipes and interceptors of Nest', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      await notes.write(key, 'quiet', NoteChecked);
      await shop.settled();
      expect(await notes.readings(key, 'notes-checked')).toMatchObject([{ text: 'QUIET' }]);
      expect(finishedNotes.filter((noteId) => noteId === key)).toHaveLength(1);
    });

    it('its guards: what one refuses is parked by the guard’s own error', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      await notes.write(key, 'secret', NoteChecked);
      await shop.settled();
      expect(await notes.parked(key)).toMatchObject([
        { dueAt: null, error: 'page_torn: The guard lets no secret through.' },
      ]);
      expect(notes.reader.runsOf(key)).toEqual([]);
    });

    it('its exception filters, which may say that an error will not pass', async () => {
      const { shop, notes } = open();
      const key = randomUUID();
      notes.reader.behave(key, () => Promise.reject(new RangeError('page 0')));
      await notes.write(key, '', NoteChecked);
      await shop.settled();
      expect(await notes.parked(key)).toMatchObject([
        { dueAt: null, error: 'page_torn: The filter has seen it: page 0' },
      ]);
      expect(notes.reader.runsOf(key)).toHaveLength(1);
    });
  });
}
