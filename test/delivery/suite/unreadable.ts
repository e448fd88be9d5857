import { randomUUID } from 'node:crypto';
import type { ParkedDelivery } from '../../../src/messaging/index.js';
import { until } from '../../support/until.js';
import type { Bench } from '../bench.js';

export function itParksWhatItCannotRead(open: () => Bench): void {
  /** Gives up everything that is parked of a note; a lane that is looked at this moment is asked for again. */
  async function deleteAll(key: string): Promise<void> {
    const { notes } = open();
    await until('the lanes to be deleted', async () => {
      const left: ParkedDelivery[] = await notes.parked(key);
      for (const { id } of left) await notes.parkedDeliveries.delete(id).catch(() => undefined);
      return left.length === 0;
    });
  }

  describe('what cannot be read', () => {
    it('is tried again while its event is unknown, because the next release may know it; its key waits', async () => {
      const { shop, notes } = open();
      const [key, other] = [randomUUID(), randomUUID()];
      await notes.slip({ key, name: 'note.translated' });
      await notes.slip({ key, sequence: 2 });
      await notes.write(other);
      await until('the other key', async () => (await notes.sequences(other)).length === 1);
      await until('both to be parked', async () => (await notes.parked(key, 'notes')).length === 2);
      const parked = await notes.parked(key, 'notes');
      expect(parked.map(({ name }) => name)).toEqual(['note.translated', 'note.written']);
      expect(parked[0]!.error).toBe('unknown_event: No event is called note.translated in this release.');
      expect(parked[0]!.dueAt).not.toBeNull();
      expect(await notes.sequences(key)).toEqual([]);
      await deleteAll(key);
      await shop.settled();
    });

    it.each([
      ['a version from the future', { version: 7 }, 'unknown_version'],
      ['bytes that break off', { payload: '{"noteId":"' }, 'contract_broken'],
      ['data that break the contract', { payload: '{"noteId":7}' }, 'contract_broken'],
    ])('waits for a person: %s', async (_what, row, code) => {
      const { shop, notes } = open();
      const [key, other] = [randomUUID(), randomUUID()];
      await notes.slip({ key, ...row });
      await notes.slip({ key, sequence: 2 });
      await notes.write(other);
      await shop.settled();
      const parked = await notes.parked(key, 'notes');
      expect(parked).toMatchObject([{ dueAt: null }, { dueAt: null, behind: 1 }]);
      expect(await notes.codes(key, 'notes')).toEqual([code, code]);
      expect(await notes.sequences(other)).toEqual([1]);
      expect(notes.reader.runsOf(key)).toEqual([]);
    });
  });
}
