import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.js';
import type { Bench } from '../bench.js';
import { NoteCounted } from '../notes/note.events.js';
import { PageTorn, writeDown } from '../notes/reader.js';

const TWENTY = 20;
const PARTITIONS = 2;

export function itAppliesWholeBatches(open: () => Bench): void {
  /** Twenty notes that are announced together, and so fetched together. */
  async function announceTogether(keys: readonly string[]): Promise<void> {
    const { shop, notes } = open();
    await notes.transaction(async (tx) => {
      for (const key of keys) await notes.announce(tx, key, '', NoteCounted);
    });
    await shop.settled();
  }
  const transactionsOf = async (keys: readonly string[]) => {
    const rows = await open().shop.rows<{ tx: string; noteId: string }>(
      `SELECT tx, note_id AS "noteId" FROM reading WHERE subscriber = 'notes-batch' AND note_id = ANY($1)`,
      [keys],
    );
    return { applied: rows.map(({ noteId }) => noteId).sort(), transactions: new Set(rows.map(({ tx }) => tx)).size };
  };

  describe('a subscriber that takes batches', () => {
    it('applies a whole fetch in one transaction', async () => {
      const keys = Array.from({ length: TWENTY }, () => randomUUID()).sort();
      await announceTogether(keys);
      const { applied, transactions } = await transactionsOf(keys);
      expect(applied).toEqual(keys);
      expect(transactions).toBeLessThanOrEqual(PARTITIONS);
    });

    it('takes them one by one when one of them fails, and parks that one alone', async () => {
      const { notes } = open();
      const keys = Array.from({ length: TWENTY }, () => randomUUID()).sort();
      const torn = keys[7]!;
      notes.reader.behave(torn, () => Promise.reject(new PageTorn('The page is torn.')));
      await announceTogether(keys);
      const { applied } = await transactionsOf(keys);
      expect(applied).toEqual(keys.filter((key) => key !== torn));
      expect(await notes.codes(torn)).toEqual(['page_torn']);
    });

    it('shuts the door behind one whose time is up, and takes it again alone', async () => {
      const { notes } = open();
      const keys = Array.from({ length: TWENTY }, () => randomUUID()).sort();
      const slow = keys[7]!;
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      let late: unknown;
      notes.reader.behave(slow, async (run) => {
        if (notes.reader.runsOf(slow).length > 1) return writeDown(run);
        await held;
        late = await writeDown(run).catch((error: unknown) => error);
      });
      await announceTogether(keys);
      letGo();
      await until('the late effect', () => late !== undefined);
      expect(late).toMatchObject({ code: 'delivery_closed' });
      expect((await transactionsOf(keys)).applied).toEqual(keys);
    });
  });
}
