import { randomUUID } from 'node:crypto';
import { Desk } from '../delivery/process/desk.js';
import { upTo } from '../delivery/notes/notebook.js';
import { readTopics } from '../support/topics.js';
import { until } from '../support/until.js';

/** Two sessions end: that of the member with Kafka, and that of its transaction with PostgreSQL. */
const NEW_OWNER_MS = 15_000;
/** PostgreSQL ends the leader's silent session after 15 s; the next one asks once a second. */
const NEW_LEADER_MS = 20_000;

/** Two in which the whole batch runs, five in which each delivery of it is counted, two trials alone, and the last. */
const MOST_STARTS = 2 + 5 + 2 + 1;
/** The pause before a trial, and what a crowded machine needs. */
const TRIAL_MS = 40_000;

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const notes = (keys: readonly string[], sequence: number) => keys.map((key) => ({ key, sequence }));

it('the new owner passes within 15 s when a consumer is stopped between its mark and its commit', async () => {
  const keys = Array.from({ length: 20 }, () => randomUUID());
  await desk.start();
  const stopped = await desk.start({ ROLES: 'subscribers', FAILPOINTS: 'effect.before-commit:stop@1' });
  await desk.write(...notes(keys, 1));
  await until('the consumer to be stopped', () => stopped.stopped);
  await until('the new owner', async () => (await desk.readings()) === keys.length, NEW_OWNER_MS);

  stopped.goOn();
  await desk.write(...notes(keys, 2));
  await until('all of it', async () => (await desk.readings()) === 2 * keys.length, 30_000);
  await until('nothing parked', async () => (await desk.rows(`SELECT 1 FROM parked`)).length === 0, 30_000);
  const read = await desk.read();
  for (const key of keys) expect(read.get(key)).toEqual([1, 2]);
  expect(await desk.rows(`SELECT 1 FROM inbox WHERE subscriber = 'notes'`)).toHaveLength(2 * keys.length);
}, 120_000);

it('a second relay leads when the first is stopped, and what that one sends when it wakes is only repeats', async () => {
  const keys = Array.from({ length: 10 }, () => randomUUID());
  const first = await desk.start({ ROLES: 'relay', FAILPOINTS: 'relay.after-read:stop@3' });
  await desk.start({ ROLES: 'relay,subscribers' });
  let sequence = 0;
  const write = async (count: number) => {
    for (const last = sequence + count; sequence < last;) {
      await desk.write(...notes(keys, ++sequence));
      await until(
        'the relay to take it',
        async () => first.stopped || (await desk.rows(`SELECT 1 FROM outbox`)).length === 0,
      );
    }
  };
  await write(20);
  expect(first.stopped).toBe(true);
  const all = async () => (await desk.readings()) === keys.length * sequence;
  await until('the second relay to lead', all, NEW_LEADER_MS);
  first.goOn();
  await write(10);
  await until('the rest', all);

  const records = (await readTopics(desk)).filter(({ topic }) => topic === 'notes').sort((a, b) => a.offset - b.offset);
  for (const key of keys) {
    const seen = records.filter((record) => record.key === key).map(({ headers }) => Number(headers.ce_sequence));
    // By their first appearance: what is in the topic twice stands there in order first.
    expect([...new Set(seen)]).toEqual(upTo(sequence));
  }
  // It had read rows before it was stopped, and went on to send them.
  await until('the repeats of the first relay', async () => (await readTopics(desk)).length > keys.length * sequence);
  const read = await desk.read();
  for (const key of keys) expect(read.get(key)).toEqual(upTo(sequence));
}, 120_000);

it('a handler that ends its process again and again is found, parked, and takes nobody with it', async () => {
  const keys = Array.from({ length: 8 }, () => randomUUID());
  const deadly = keys[3]!;
  await desk.write(...notes(keys, 1), { key: deadly, sequence: 2 });
  const isParked = async () =>
    (await desk.rows<{ error: string }>(`SELECT error FROM parked_key WHERE due_at = 'infinity'`)).length > 0;
  let starts = 0;
  for (let done = false; !done; starts++) {
    expect(starts).toBeLessThan(MOST_STARTS + 2);
    const child = desk.launch({ DEADLY: deadly });
    let ended = false;
    void child.ended.then(() => (ended = true));
    await until('the process to end, or to park what ends it', async () => ended || (await isParked()), 40_000);
    done = await isParked();
  }
  await until('all others', async () => (await desk.readings()) === keys.length - 1, TRIAL_MS);
  expect(starts).toBeLessThanOrEqual(MOST_STARTS);
  const read = await desk.read();
  for (const key of keys) expect(read.get(key)).toEqual(key === deadly ? undefined : [1]);
  const parked = await desk.rows<{ key: string; depth: number; code: string }>(
    `SELECT key, depth, split_part(error, ':', 1) AS code FROM parked_key`,
  );
  expect(parked).toEqual([{ key: deadly, depth: 2, code: 'handler_ends_process' }]);
}, 200_000);

it('a delivery that was under way whenever its process was killed is tried alone, and passes', async () => {
  const keys = Array.from({ length: 8 }, () => randomUUID());
  await desk.write(...notes(keys, 1));
  // As five processes leave it that were killed while their first batches ran.
  await desk.rows(
    `INSERT INTO batch_start (subscriber, topic, partition, base, starts)
     SELECT 'notes', 'notes', partition, 0, 5 FROM generate_series(0, 1) partition`,
  );
  await desk.start();
  const suspects = () => desk.rows(`SELECT 1 FROM parked_key WHERE error LIKE 'handler_suspected:%'`);
  await until('the first of each partition to be suspected', async () => (await suspects()).length > 0);
  await until('all of it', async () => (await desk.readings()) === keys.length, TRIAL_MS);
  const read = await desk.read();
  for (const key of keys) expect(read.get(key)).toEqual([1]);
  expect(await desk.rows(`SELECT 1 FROM parked_key`)).toEqual([]);
}, 120_000);
