import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createShop, type Shop } from '../../../src/create-shop.js';
import { needsKafka, readConfig } from '../../../src/config.js';
import { prepareEnvironment } from '../../support/shop.js';
import { readTopics } from '../../support/topics.js';
import { until } from '../../support/until.js';
import { SHORT_LIMITS } from '../bench.js';
import { NoteErased, NoteFiled, NoteWritten } from '../notes/note.events.js';
import { NEWER_NOTES, NOTES, NOTES_AND_LATE } from '../notes/notes.module.js';
import { Notebook, upTo } from '../notes/notebook.js';
import { CREATE_NOTES, PageStuck, writeDown } from '../notes/reader.js';

export function itStartsWhereASubscriberSays(mode: 'async' | 'async-local'): void {
  let around: Awaited<ReturnType<typeof prepareEnvironment>>;
  const running: Shop[] = [];
  // Two processes on one database cannot cache in memory.
  beforeEach(async () => (around = await prepareEnvironment(mode, { ...SHORT_LIMITS, CACHE: 'off' })));
  afterEach(async () => {
    for (const shop of running.splice(0)) await shop.close();
    await around.dispose();
  });
  async function start(additions: typeof NOTES, env: Record<string, string> = {}): Promise<Shop> {
    const shop = await createShop(readConfig({ ...around.env, ...env }), additions);
    running.push(shop);
    await shop.ready();
    return shop;
  }

  describe('from release to release', () => {
    it('a subscriber from now passes over what was announced before its first start', async () => {
      const first = await start(NOTES);
      await first.databases.api.query(CREATE_NOTES);
      const [before, after] = [randomUUID(), randomUUID()];
      await new Notebook(first).write(before);
      await first.settled();
      await first.close();

      // The relay has not taken this one: it is announced before the subscriber's first start, and arrives after it.
      const late = randomUUID();
      const announcedAt = new Date();
      const second = await start(NOTES_AND_LATE);
      const notes = new Notebook(second);
      await notes.slip({ key: late, announcedAt });
      await notes.write(after);
      await second.settled();
      expect(await notes.sequences(before, 'notes-late')).toEqual([]);
      expect(await notes.sequences(late, 'notes-late')).toEqual([]);
      expect(await notes.sequences(after, 'notes-late')).toEqual([1]);
      for (const key of [before, late, after]) expect(await notes.sequences(key)).toEqual([1]);
    });

    it('an event that only the new release knows reaches it in order, although the old one runs beside it', async () => {
      const old = await start(NOTES);
      await old.databases.api.query(CREATE_NOTES);
      const next = await start(NEWER_NOTES);
      const notes = new Notebook(next);
      const keys = Array.from({ length: 6 }, () => randomUUID());
      const known = randomUUID();
      for (const key of keys)
        for (const event of [NoteWritten, NoteErased, NoteWritten]) await notes.write(key, '', event);
      await notes.write(randomUUID(), '', NoteFiled);
      await notes.writeMany(known, 3);
      // What both know is not held up by what one of them does not know.
      await until('the events that both know', async () => (await notes.sequences(known)).length === 3);
      await old.close();
      await next.settled(50_000);

      for (const key of keys) expect(await notes.sequences(key)).toEqual(upTo(3));
      const filed = await next.databases.api.query<unknown[]>(`SELECT 1 FROM reading WHERE sequence = 1`);
      expect(filed).toHaveLength(keys.length + 2);
      const waiting = await next.databases.api.query<unknown[]>(`SELECT 1 FROM parked`);
      expect(waiting).toEqual([]);
    }, 90_000);

    it('an event that nobody came to know while failures are retried waits for a person, and is announced', async () => {
      const shop = await start(NOTES, { RETRY_FOR: '0ms' });
      await shop.databases.api.query(CREATE_NOTES);
      const notes = new Notebook(shop);
      const key = randomUUID();
      await notes.slip({ key, name: 'note.translated' });
      await shop.settled();
      const [parked] = await notes.parked(key, 'notes');
      expect(parked).toMatchObject({ dueAt: null, error: expect.stringMatching(/^unknown_event: /) });
      const letters = (await readTopics(around)).filter(({ topic }) => topic === 'dead-letters');
      const ours = letters.filter(({ value }) => (JSON.parse(value) as { parkedId: string }).parkedId === parked!.id);
      expect(ours).toHaveLength(needsKafka(mode) ? 1 : 0);
    });

    it('a subscriber that is gone holds nothing back once it is named in retiredSubscribers', async () => {
      const first = await start(NOTES_AND_LATE);
      await first.databases.api.query(CREATE_NOTES);
      const key = randomUUID();
      const notes = new Notebook(first);
      notes.reader.behave(key, (run) =>
        run.subscriber === 'notes-late' ? Promise.reject(new PageStuck('The page sticks.')) : writeDown(run),
      );
      await notes.write(key);
      await until('a lane of the late subscriber', async () => (await notes.parked(key, 'notes-late')).length === 1);
      await first.close();

      const second = await start(NOTES);
      expect((await second.reading()).missing).toContain(
        '1 lanes are of notes-late, which is no more: name it in retiredSubscribers',
      );
      await second.close();
      const retired = { ...NOTES, retiredSubscribers: ['notes-late'] };
      const third = await start(retired);
      await third.settled();
      await third.close();
      // What it has parked is still there, and holds no change of the mode either.
      const last = await start(retired, { COMM_MODE: 'sync' });
      const parked = await last.databases.api.query<unknown[]>(`SELECT 1 FROM parked WHERE subscriber = 'notes-late'`);
      expect(parked).toHaveLength(1);
      await last.close();
      await expect(start({ ...NOTES_AND_LATE, retiredSubscribers: ['notes-late'] })).rejects.toThrow(
        'notes-late is declared and retired: take it out of retiredSubscribers.',
      );
    });

    it('an event that waits in the outbox reaches subscribers that are slow to start', async () => {
      const first = await start(NOTES);
      await first.databases.api.query(CREATE_NOTES);
      const key = randomUUID();
      const notes = new Notebook(first);
      await notes.write(key);
      await first.settled();
      await notes.rows(SLOW_START);
      await first.close();
      // Announced while nobody ran: it is there before any subscriber of the next process.
      const client = new pg.Client(around.env.DATABASE_URL);
      await client.connect();
      await client.query(
        `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
         VALUES (gen_random_uuid(), 'note.written', 1, 'notes', $1, 2, $2, '{}')`,
        [key, JSON.stringify({ noteId: key, sequence: 2, text: '' })],
      );
      await client.end();
      const second = await start(NOTES);
      await second.settled();
      expect(await new Notebook(second).sequences(key)).toEqual([1, 2]);
    });
  });
}

/** Every look at when a subscriber has first started takes a second. */
const SLOW_START = `
  ALTER TABLE subscription RENAME TO subscription_rows;
  CREATE VIEW subscription AS SELECT subscriber, since FROM subscription_rows WHERE pg_sleep(1)::text = ''`;
