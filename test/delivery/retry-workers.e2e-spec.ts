import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config.js';
import { openDatabases, type Databases } from '../../src/database/databases.js';
import { EventCatalogue, Transactions, type Delivery, type Outbox } from '../../src/messaging/index.js';
import { DeliveryRunner } from '../../src/messaging/inbox/delivery-runner.js';
import { Inbox } from '../../src/messaging/inbox/inbox.js';
import { OutageBrake } from '../../src/messaging/inbox/outage-brake.js';
import { Parking } from '../../src/messaging/parking/parking.js';
import { RetryLoop } from '../../src/messaging/parking/retry-loop.js';
import { Patience } from '../../src/messaging/patience.js';
import { toArrival, type Arrival } from '../../src/messaging/record.js';
import { prepareEnvironment } from '../support/shop.js';
import { until } from '../support/until.js';
import { NoteWritten, type Note } from './notes/note.events.js';
import { CREATE_NOTES, writeDown } from './notes/reader.js';
import { noteHeaders } from './notes/row.js';

const MOST_ROUNDS = 10_000;
/** Two cores manage some thousand rounds in this time; each of them is a race for an emptying lane. */
const LONGEST_MS = 25_000;
const LEAST_ROUNDS = 500;
const LANES = 8;
/** So few deliveries wait that a lane is emptied again and again while the next one is put into it. */
const MOST_WAITING = 10;
/** One in so many is parked twice; no divisor of the lanes' number, so that all lanes have some. */
const PARKED_AGAIN = 5;
const DAY_MS = 86_400_000;

const catalogue = new EventCatalogue([NoteWritten]);
const subscriber = {
  name: 'notes',
  from: 'beginning' as const,
  commit: 'each' as const,
  events: new Map([[NoteWritten.name, NoteWritten]]),
};
const nobody = { add: () => Promise.reject(new TypeError('Nothing is to be announced.')) } as unknown as Outbox;

function arrivalOf(noteId: string, sequence: number, offset: number): Arrival {
  const headers = Object.entries(noteHeaders(randomUUID())).map(([name, text]) => [name, Buffer.from(text)]);
  const record = {
    topic: 'notes',
    partition: 0,
    offset: String(offset),
    key: Buffer.from(noteId),
    value: Buffer.from(JSON.stringify({ noteId, sequence, text: '' })),
    headers: Object.fromEntries(headers) as Record<string, Buffer>,
  };
  return toArrival(record, 'shop', catalogue);
}

describe('workers that retry parked lanes', () => {
  const opened: Databases[] = [];
  const loops: RetryLoop[] = [];
  let around: Awaited<ReturnType<typeof prepareEnvironment>>;
  beforeAll(async () => {
    around = await prepareEnvironment('async-local');
    await (await parkingOf()).databases.deliveries.query(CREATE_NOTES);
  });
  afterAll(async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
    for (const databases of opened) await databases.close();
    await around.dispose();
  });

  async function parkingOf(onParked: (delayMs: number | null) => void = () => undefined) {
    const databases = await openDatabases(readConfig(around.env));
    opened.push(databases);
    const transactions = new Transactions(databases.deliveries, 'effect');
    return { databases, transactions, parking: new Parking('notes', transactions, nobody, DAY_MS, onParked) };
  }

  async function worker(onStart: (delivery: Delivery) => unknown, onApplied: () => void): Promise<RetryLoop> {
    const { transactions, parking } = await parkingOf();
    const [inbox, patience] = [new Inbox('notes'), new Patience()];
    const failed = (error: unknown) => {
      throw error;
    };
    const handler = async (_name: string, note: unknown, delivery: Delivery) => {
      await onStart(delivery);
      await writeDown({ subscriber: 'notes', note: note as Note, delivery });
      onApplied();
    };
    const runner = new DeliveryRunner(handler, inbox, transactions, patience, 5000, failed);
    const settings = { app: 'shop', concurrency: LANES, handlerTimeoutMs: 5000, retryForMs: DAY_MS };
    const loop = new RetryLoop(
      subscriber,
      settings,
      catalogue,
      inbox,
      parking,
      runner,
      transactions,
      patience,
      new OutageBrake(),
      failed,
    );
    loop.start();
    loops.push(loop);
    return loop;
  }

  it('two against one who parks leave no orphan, and nobody overtakes', async () => {
    let [parked, applied] = [0, 0];
    let madeRoom = () => {};
    const onApplied = () => {
      applied++;
      madeRoom();
    };
    const workers = [await worker(() => undefined, onApplied), await worker(() => undefined, onApplied)];
    const { databases, parking } = await parkingOf((delay) => workers.forEach((loop) => loop.expect(delay)));
    const db = databases.deliveries;
    const lanes = Array.from({ length: LANES }, () => randomUUID());
    const end = Date.now() + LONGEST_MS;
    // A former owner that knows no better parks some of them again, while they are drained.
    let again = Promise.resolve();
    while (parked < MOST_ROUNDS && (Date.now() < end || parked <= LEAST_ROUNDS)) {
      const sequence = Math.floor(parked / LANES) + 1;
      const arrival = arrivalOf(lanes[parked % LANES]!, sequence, parked);
      await Promise.all([parking.queue(arrival), again]);
      if (parked % PARKED_AGAIN === 0) again = parking.queue(arrival);
      parked++;
      if (parked - applied >= MOST_WAITING) await new Promise<void>((resolve) => (madeRoom = resolve));
    }
    const left = () => db.query<unknown[]>(`SELECT 1 FROM parked UNION ALL SELECT 1 FROM parked_key`);
    await until('the lanes to be empty', async () => (await left()).length === 0);

    expect(parked).toBeGreaterThan(LEAST_ROUNDS);
    // More runs than deliveries: two had one lane at a time.
    expect(applied).toBe(parked);
    const [{ deadlocks }] = await db.query<[{ deadlocks: string }]>(
      `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
    );
    expect(deadlocks).toBe('0');
    const applieds = await db.query<{ noteId: string; sequences: number[] }[]>(
      `SELECT note_id AS "noteId", array_agg(sequence ORDER BY id) AS sequences FROM reading GROUP BY note_id`,
    );
    const expected = (lane: number) => Math.floor(parked / LANES) + (lane < parked % LANES ? 1 : 0);
    for (const [index, lane] of lanes.entries())
      expect(applieds.find(({ noteId }) => noteId === lane)?.sequences).toEqual(
        Array.from({ length: expected(index) }, (_, n) => n + 1),
      );
  }, 120_000);

  it('leave a delivery that a stop has met to the next one, at once and as if never begun', async () => {
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    let [stop, applied] = [() => {}, 0];
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const first = await worker(
      async (delivery) => {
        begun();
        await stopped;
        await delivery.stillMine();
      },
      () => applied++,
    );
    const { databases, parking } = await parkingOf((delay) => first.expect(delay));
    await parking.queue(arrivalOf(randomUUID(), 1, 0));
    await beginning;
    const stopping = first.stop();
    stop();
    await stopping;
    const lanes = await databases.deliveries.query(
      `SELECT attempts, starts, due_at <= clock_timestamp() AS due, lease_until <= clock_timestamp() AS free FROM parked_key`,
    );
    expect({ applied, lanes }).toEqual({ applied: 0, lanes: [{ attempts: 0, starts: 0, due: true, free: true }] });
  });
});
