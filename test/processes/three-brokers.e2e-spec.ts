import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker, type Broker } from '../../local/kafka.js';
import { freePort } from '../../local/ports.js';
import { openNotes, type Bench } from '../delivery/bench.js';
import { upTo } from '../delivery/notes/notebook.js';
import { readTopics } from '../support/topics.js';
import { until } from '../support/until.js';

const KILLS = 4;
const BETWEEN = 400;
const KEYS = 24;

describe('a shop on three brokers, each topic kept on all of them', () => {
  let dir: string;
  let brokers: Broker[];
  let bench: Bench;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'switchyard-brokers-'));
    const ports = [await freePort(), await freePort(), await freePort()];
    const voters = ports.map((port, index) => `${index + 1}@127.0.0.1:${port}`);
    brokers = await Promise.all(
      voters.map((_, index) => startBroker({ dir: join(dir, String(index)), nodeId: index + 1, voters })),
    );
    bench = await openNotes('async', {
      KAFKA_BROKERS: brokers.map((broker) => broker.brokers).join(),
      KAFKA_REPLICATION: '3',
      KAFKA_PARTITIONS: '6',
    });
  }, 120_000);
  afterAll(async () => {
    await bench?.shop.close();
    for (const broker of brokers ?? []) await broker.kill9();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  it('loses, repeats and reorders nothing while one broker after another is killed under load', async () => {
    const { shop, notes } = bench;
    const keys = Array.from({ length: KEYS }, () => randomUUID());
    let written = 0;
    let loaded = true;
    const load = async (own: readonly string[]) => {
      for (let round = 0; loaded; round++, written++) await notes.write(own[round % own.length]!);
    };
    const writers = [0, 1, 2, 3].map((writer) => load(keys.filter((_, index) => index % 4 === writer)));
    const more = (count: number) => {
      const wanted = written + count;
      return until(`${count} more notes`, () => written >= wanted, 60_000);
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = kill % brokers.length;
      await more(BETWEEN);
      await brokers[victim]!.kill9();
      await more(BETWEEN);
      brokers[victim] = await brokers[victim]!.restart();
    }
    loaded = false;
    await Promise.all(writers);
    await shop.settled(90_000);

    const records = (await readTopics(shop))
      .filter(({ topic }) => topic === 'notes')
      .sort((a, b) => a.offset - b.offset);
    for (const key of keys) {
      const [{ sequence }] = (await notes.rows<{ sequence: number }>(`SELECT sequence FROM note WHERE id = $1`, [
        key,
      ])) as [{ sequence: number }];
      const inTopic = records.filter((record) => record.key === key).map(({ headers }) => Number(headers.ce_sequence));
      expect(inTopic).toEqual(upTo(sequence));
      expect(await notes.sequences(key)).toEqual(upTo(sequence));
    }
    expect(records).toHaveLength(written);
    expect(await shop.rows(`SELECT 1 FROM parked`)).toEqual([]);
  }, 240_000);
});
