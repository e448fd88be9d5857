import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config.js';
import { createShop, type Shop } from '../../src/create-shop.js';
import { failpoints, Retention } from '../../src/messaging/index.js';
import { asAdmin, produce, readTopics, rewind, type TopicRecord } from '../support/topics.js';
import { until } from '../support/until.js';
import { openNotes, type Bench } from './bench.js';
import { NOTES } from './notes/notes.module.js';
import { Notebook, upTo } from './notes/notebook.js';
import { writeDown } from './notes/reader.js';
import { noteHeaders } from './notes/row.js';

let bench: Bench;
beforeEach(async () => {
  bench = await openNotes('async');
});
afterEach(() => bench.shop.close());

async function reopen(): Promise<void> {
  const shop = await bench.shop.reopen({ additions: NOTES });
  bench = { shop, notes: new Notebook(shop.shop) };
}

async function recordsOf(key: string): Promise<TopicRecord[]> {
  const records = (await readTopics(bench.shop)).filter((record) => record.key === key);
  return records.sort((a, b) => a.offset - b.offset);
}
const sequencesOf = (records: TopicRecord[]) => records.map(({ headers }) => Number(headers.ce_sequence));

it('600 events of 3 kB on one key reach the topic in order, in batches that the broker takes at once', async () => {
  const { shop, notes } = bench;
  const key = randomUUID();
  let [sends, acknowledged] = [0, 0];
  const stop = [
    failpoints.listen('relay.after-send', () => void sends++),
    failpoints.listen('relay.after-acknowledgement', () => void acknowledged++),
  ];
  await notes.transaction(async (tx) => {
    for (let n = 0; n < 600; n++) await notes.announce(tx, key, 'x'.repeat(3000));
  });
  await shop.settled();
  for (const each of stop) each();
  expect(sequencesOf(await recordsOf(key))).toEqual(upTo(600));
  expect(await notes.sequences(key)).toEqual(upTo(600));
  // A batch above the broker's limit is sent, refused and halved: it would be counted as a send too many.
  expect(acknowledged).toBeGreaterThan(2);
  expect(sends).toBe(acknowledged);
});

it('partitions that somebody adds under load move no key and lose nothing', async () => {
  const keys = Array.from({ length: 20 }, () => randomUUID());
  const write = (count: number) => Promise.all(keys.map((key) => bench.notes.writeMany(key, count)));
  const writing = write(15);
  await until('the load', async () => (await bench.shop.rows(`SELECT 1 FROM reading LIMIT 20`)).length === 20);
  await asAdmin(bench.shop, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic: `${bench.shop.env.TOPIC_PREFIX}notes`, count: 5 }] }),
  );
  await writing;
  await bench.shop.settled();
  // A new producer and new consumers know of the new partitions.
  await reopen();
  await write(5);
  await bench.shop.settled();

  const records = (await readTopics(bench.shop)).filter(({ topic }) => topic === 'notes');
  for (const key of keys) {
    const own = records.filter((record) => record.key === key).sort((a, b) => a.offset - b.offset);
    expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
    expect(own[0]!.partition).toBeLessThan(2);
    expect(sequencesOf(own)).toEqual(upTo(20));
    expect(await bench.notes.sequences(key)).toEqual(upTo(20));
  }
});

it('a topic that is read from 0 again after its marks were pruned repeats nothing: a person is asked', async () => {
  const keys = Array.from({ length: 5 }, () => randomUUID());
  for (const key of keys) await bench.notes.writeMany(key, 2);
  await bench.shop.settled();
  const pruned = await bench.shop.shop.app.get(Retention).prune(0);
  expect(pruned).toBeGreaterThanOrEqual(10);
  const fresh = randomUUID();
  await bench.notes.write(fresh);
  await bench.shop.settled();

  await bench.shop.shop.close();
  expect(await rewind(bench.shop)).toBeGreaterThan(0);
  await reopen();
  await bench.shop.settled();
  for (const key of keys) {
    expect(await bench.notes.sequences(key)).toEqual([1, 2]);
    expect(await bench.notes.codes(key, 'notes')).toEqual(['too_old_to_know', 'too_old_to_know']);
  }
  // What was announced after the pruning still has its mark, and is passed over in silence.
  expect(await bench.notes.sequences(fresh)).toEqual([1]);
  expect(await bench.notes.parked(fresh)).toEqual([]);
  expect(bench.notes.reader.runs).toEqual([]);
});

/** A note as a record of partition 0, past the outbox. */
const noteRecord = (noteId: string) => ({
  key: noteId,
  value: JSON.stringify({ noteId, sequence: 1, text: '' }),
  headers: noteHeaders(randomUUID()),
  partition: 0,
});
const deleteBefore = (offset: number) => {
  const topic = `${bench.shop.env.TOPIC_PREFIX}notes`;
  return asAdmin(bench.shop, async (admin) => {
    // kafkajs deletes only in a topic that it has asked something about before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
};

it('a subscriber whose unread records are deleted while it works stops, and a restart does not pass over them', async () => {
  const { shop, notes } = bench;
  const [slow, kept] = [randomUUID(), randomUUID()];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  notes.reader.behave(slow, (run) => held.then(() => writeDown(run)));
  await produce(shop, 'notes', [noteRecord(randomUUID()), noteRecord(slow)]);
  await until('the slow one to begin', () => notes.reader.runsOf(slow).length > 0);
  await produce(shop, 'notes', [...Array.from({ length: 5 }, () => noteRecord(randomUUID())), noteRecord(kept)]);
  await deleteBefore(7);
  letGo();

  const lost = /^5 records of \S+notes\/0 were deleted before \S+shop\.notes read them: restore them, or /;
  await until('the loss to be seen', () => lost.test(shop.shop.messaging.live() ?? ''));
  expect(await notes.sequences(slow)).toEqual([1]);
  await shop.shop.close();
  const restarted = await createShop(readConfig(shop.env), NOTES);
  try {
    await until('the loss to be seen again', () => lost.test(restarted.messaging.live() ?? ''));
    expect(await new Notebook(restarted).sequences(kept)).toEqual([]);
  } finally {
    await restarted.close();
  }
});

it('a subscriber whose unread records were deleted stops, and liveness says how many are lost', async () => {
  const { shop } = bench;
  await produce(shop, 'notes', [noteRecord(randomUUID())]);
  await shop.settled();
  await shop.shop.close();

  const kept = randomUUID();
  await produce(shop, 'notes', [...Array.from({ length: 5 }, () => noteRecord(randomUUID())), noteRecord(kept)]);
  await deleteBefore(6);
  const running: Shop[] = [];
  const start = async () => {
    running.push(await createShop(readConfig(shop.env), NOTES));
    return running.at(-1)!;
  };
  try {
    const stopped = await start();
    await until('the loss to be seen', () => stopped.messaging.live() !== undefined);
    const answer = await fetch(`${stopped.url}/health/live`);
    expect(answer.status).toBe(503);
    const { detail } = (await answer.json()) as { detail: string };
    expect(detail).toMatch(
      /^5 records of \S+notes\/0 were deleted before \S+shop\.notes\S* read them: restore them, or /,
    );
    const others = () => stopped.messaging.state().waitingFor.join();
    await until('the other subscribers', () => others() === 'joining their groups: notes, notes-batch, notes-checked');
    expect(await new Notebook(stopped).sequences(kept)).toEqual([]);
    await stopped.close();

    // The person decides to go on without them.
    const groups = ['notes', 'notes-batch', 'notes-checked'].map((name) => `${shop.env.TOPIC_PREFIX}shop.${name}`);
    await asAdmin(shop, (admin) => admin.deleteGroups(groups));
    const next = await start();
    await next.ready();
    await next.settled();
    expect(next.messaging.live()).toBeUndefined();
    expect(await new Notebook(next).sequences(kept)).toEqual([1]);
  } finally {
    for (const each of running) await each.close();
  }
});
