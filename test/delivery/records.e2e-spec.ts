import { createHash, randomUUID } from 'node:crypto';
import type { IHeaders } from 'kafkajs';
import { produce } from '../support/topics.js';
import { until } from '../support/until.js';
import { openNotes, type Bench } from './bench.js';
import { noteHeaders } from './notes/row.js';

interface Odd {
  key?: string | Buffer | null;
  value?: string | Buffer | null;
  headers?: IHeaders;
}

const TRUNCATED = '{"noteId":"';
const note = (noteId: string, sequence = 1) => JSON.stringify({ noteId, sequence, text: '' });
const own = (change: Record<string, string | string[] | undefined> = {}): IHeaders => {
  const headers = { ...noteHeaders(randomUUID()), ...change };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
};
const hashed = (key: string | Buffer) => `sha256:${createHash('sha256').update(key).digest('hex')}`;

/** What may stand in a topic, and the code by which a person finds it. */
const POISON: [string, Odd, string][] = [
  ['no headers', {}, 'unreadable_record'],
  ['the headers of another application', { headers: own({ ce_source: 'urn:elsewhere' }) }, 'unreadable_record'],
  ['an id that is no UUID', { headers: own({ ce_id: '4711' }) }, 'unreadable_record'],
  ['an id that stands there twice', { headers: own({ ce_id: [randomUUID(), randomUUID()] }) }, 'unreadable_record'],
  ['no type', { headers: own({ ce_type: undefined }) }, 'contract_broken'],
  [
    'a schema that names no version',
    { headers: own({ ce_dataschema: 'urn:shop:event:note.written' }) },
    'contract_broken',
  ],
  ['a version of the future', { headers: noteHeaders(randomUUID(), 9) }, 'unknown_version'],
  ['JSON that breaks off', { headers: own(), value: TRUNCATED }, 'contract_broken'],
  ['JSON that is not an object', { headers: own(), value: '7' }, 'contract_broken'],
  ['no value', { headers: own(), value: null }, 'contract_broken'],
  ['1 MB of noise', { headers: own(), value: Buffer.alloc(1_000_000, 0xfe) }, 'contract_broken'],
  ['1 MB of JSON', { headers: own(), value: `"${'x'.repeat(1_000_000)}"` }, 'contract_broken'],
];

/** Keys that PostgreSQL could not store as they are, and the name of the lane that they get. */
const KEYS: [string, string | Buffer, string][] = [
  ['with a NUL', 'a\0b', hashed('a\0b')],
  ['of 5 kB', 'k'.repeat(5000), hashed('k'.repeat(5000))],
  ['that is no UTF-8', Buffer.from([0xff, 0xfe]), hashed(Buffer.from([0xff, 0xfe]))],
  ['that is empty', '', hashed('')],
];

describe('a topic that anybody may have written to', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openNotes('async');
  });
  afterAll(() => bench.shop.close());

  const toPartition0 = (...records: Odd[]) =>
    produce(
      bench.shop,
      'notes',
      records.map(({ key = null, value = null, headers }) => ({ key, value, headers, partition: 0 })),
    );
  const goodRecord = (noteId: string, sequence = 1, key: Odd['key'] = noteId): Odd => ({
    key,
    value: note(noteId, sequence),
    headers: own(),
  });

  it.each(POISON)('parks a record with %s, says why, and its partition goes on', async (_what, odd, code) => {
    const { shop, notes } = bench;
    const [key, after] = [randomUUID(), randomUUID()];
    await toPartition0({ key, value: note(key), ...odd }, goodRecord(after));
    await until('the record behind it', async () => (await notes.sequences(after)).length === 1);
    await shop.settled();
    expect(await notes.parked(key, 'notes')).toMatchObject([
      { dueAt: null, behind: 0, error: expect.stringMatching(new RegExp(`^${code}: .+`)) },
    ]);
    expect(notes.reader.runsOf(key)).toEqual([]);
  });

  it.each(KEYS)(
    'keeps a lane for a key %s: what is behind the poison waits, and goes on without it',
    async (_what, key, lane) => {
      const { shop, notes } = bench;
      const [behind, later, after] = [randomUUID(), randomUUID(), randomUUID()];
      await toPartition0({ key, value: TRUNCATED, headers: own() }, goodRecord(behind, 1, key), goodRecord(after));
      await until('the record of another key', async () => (await notes.sequences(after)).length === 1);
      await toPartition0(goodRecord(later, 2, key));
      await until('the later record to be parked', async () => (await notes.parked(lane, 'notes')).length === 3);
      expect(await notes.sequences(behind)).toEqual([]);

      await notes.parkedDeliveries.delete((await notes.parked(lane, 'notes'))[0]!.id);
      await shop.settled();
      expect(await notes.sequences(behind)).toEqual([1]);
      expect(await notes.sequences(later)).toEqual([2]);
      expect(await notes.parked(lane, 'notes')).toEqual([]);
    },
  );

  it('gives each record without a key a lane of its own', async () => {
    const { shop, notes } = bench;
    const after = randomUUID();
    await toPartition0({ value: TRUNCATED, headers: own() }, { ...goodRecord(after), key: null });
    await shop.settled();
    expect(await notes.sequences(after)).toEqual([1]);
    const lanes = (await notes.parkedDeliveries.list(10_000)).filter(({ key }) => /^notes\/0\/\d+$/.test(key));
    expect(lanes.filter(({ subscriber }) => subscriber === 'notes')).toMatchObject([{ dueAt: null, behind: 0 }]);
  });

  it('tries a name with a NUL again, as any other name that it does not know', async () => {
    const { shop, notes } = bench;
    const [key, after] = [randomUUID(), randomUUID()];
    await toPartition0({ key, value: note(key), headers: own({ ce_type: 'note\0written' }) }, goodRecord(after));
    await until('the record behind it', async () => (await notes.sequences(after)).length === 1);
    await until('it to be parked', async () => (await notes.parked(key, 'notes')).length === 1);
    const [parked] = await notes.parked(key, 'notes');
    expect(parked).toMatchObject({ name: 'notewritten', error: expect.stringMatching(/^unknown_event/) });
    expect(parked!.dueAt).not.toBeNull();
    await until('it to be deleted', async () => {
      for (const { id } of await notes.parked(key)) await notes.parkedDeliveries.delete(id).catch(() => undefined);
      return (await notes.parked(key)).length === 0;
    });
    await shop.settled();
  });

  it('says the same of each through /admin, and redriving what cannot be read changes nothing', async () => {
    const { shop, notes } = bench;
    const before = await notes.parkedDeliveries.list(10_000);
    expect(before.length).toBeGreaterThan(POISON.length);
    await notes.parkedDeliveries.redrive({});
    await shop.settled();
    const after = await notes.parkedDeliveries.list(10_000);
    expect(after.map(({ id, error, dueAt }) => ({ id, error, dueAt }))).toEqual(
      before.map(({ id, error, dueAt }) => ({ id, error, dueAt })),
    );
    const token = { authorization: `Bearer ${shop.env.ADMIN_TOKEN}` };
    const { body } = await shop.customer.get<{ deliveries: { id: string }[] }>('/admin/parked', token);
    expect(body.deliveries.map(({ id }) => id)).toEqual(after.slice(0, 100).map(({ id }) => id));
  });
});
