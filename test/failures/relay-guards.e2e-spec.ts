import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { MessagingOptions } from '../../src/messaging/messaging-options.js';
import type { OutboxRow } from '../../src/messaging/outbox/outbox-row.js';
import type { Publisher } from '../../src/messaging/relay/publisher.js';
import { Leadership } from '../../src/messaging/relay/leadership.js';
import { Relay } from '../../src/messaging/relay/relay.js';
import { WakeUp } from '../../src/messaging/relay/wake-up.js';
import { createDatabase } from '../support/database.js';
import { until } from '../support/until.js';

/** The other end of the relay: keeps what it is handed, and acknowledges when the test says so. */
class PatientPublisher implements Publisher {
  readonly accepted: string[] = [];
  holding: string[] = [];
  acknowledge?: (seqs: string[]) => void;

  open(onAcknowledged: (seqs: string[]) => void): Promise<void> {
    this.acknowledge = onAcknowledged;
    return Promise.resolve();
  }
  accept(rows: readonly OutboxRow[]): void {
    this.accepted.push(...rows.map((row) => row.seq));
  }
  held = (): string[] => this.holding;
  trouble = () => undefined;
  close = () => Promise.resolve();
}

describe('a relay', () => {
  beforeAll(() => void Logger.overrideLogger(false));
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let db: pg.Client;
  const started: { relay: Relay; publisher: PatientPublisher }[] = [];
  beforeEach(async () => {
    database = await createDatabase();
    db = new pg.Client(database.url);
    await db.connect();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const { relay, publisher } of started.splice(0)) {
      const stopped = relay.stop();
      publisher.acknowledge?.(publisher.accepted);
      await stopped;
    }
    await db.end();
    await database.drop();
  });

  function start() {
    const options = { databaseUrl: database.url } as MessagingOptions;
    const publisher = new PatientPublisher();
    const relay = new Relay(options, publisher, new WakeUp(options));
    started.push({ relay, publisher });
    relay.start();
    const accepted = (...seqs: string[]) =>
      until(`${seqs.join()} to be handed over, and not ${publisher.accepted.join()}`, () =>
        seqs.every((seq) => publisher.accepted.includes(seq)),
      );
    return { publisher, accepted };
  }

  async function announce(client = db, topic = 'orders'): Promise<string> {
    const { rows } = await client.query<{ seq: string }>(
      `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
       VALUES ($1, 'order.placed', 1, $2, 'one-key', 1, '{}', '{}') RETURNING seq`,
      [randomUUID(), topic],
    );
    return rows[0]!.seq;
  }
  const outbox = async () =>
    (await db.query<{ seq: string }>(`SELECT seq FROM outbox ORDER BY seq`)).rows.map((r) => r.seq);

  it('keeps a row until it is safe at the other end, and hands it over once', async () => {
    const { publisher, accepted } = start();
    const first = await announce();
    await accepted(first);
    const second = await announce();
    await accepted(second);
    expect(await outbox()).toEqual([first, second]);
    publisher.acknowledge!([second]);
    await until('the acknowledged row to be gone', async () => (await outbox()).length < 2);
    expect(await outbox()).toEqual([first]);
    expect(publisher.accepted).toEqual([first, second]);
  });

  it('hands over a row whose transaction commits after a later one, and keeps it meanwhile', async () => {
    const { publisher, accepted } = start();
    const slow = new pg.Client(database.url);
    await slow.connect();
    await slow.query('BEGIN');
    const late = await announce(slow);
    const early = await announce();
    await accepted(early);
    await slow.query('COMMIT');
    await slow.end();
    await accepted(late);
    publisher.acknowledge!([early]);
    await until('the acknowledged row to be gone', async () => (await outbox()).length < 2);
    expect(await outbox()).toEqual([late]);
  });

  it('hands over again what was not seen safe when its session ended', async () => {
    const { publisher, accepted } = start();
    const seq = await announce();
    await accepted(seq);
    await db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relay'
      AND datname = current_database()`);
    await until('the row to be handed over again', () => publisher.accepted.length > 1);
    expect(publisher.accepted).toEqual([seq, seq]);
    expect(await outbox()).toEqual([seq]);
  });

  it('goes on with other topics when one that is on hold has all its rows in flight', async () => {
    const { publisher, accepted } = start();
    await db.query(
      `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
       SELECT gen_random_uuid(), 'order.placed', 1, 'orders', 'one-key', n, '{}', '{}' FROM generate_series(1, 10000) n`,
    );
    await until('as many rows as may be in flight', () => publisher.accepted.length >= 4000);
    publisher.holding = ['orders'];
    await accepted(await announce(db, 'billing'));
    expect(publisher.accepted.length).toBeLessThan(10_000);
  });

  it('leads alone: a second one waits and sends nothing', async () => {
    const one = start();
    await one.accepted(await announce());
    const asked = jest.spyOn(Leadership, 'acquire');
    const other = start();
    await until('the second relay to have asked for the lead', () => asked.mock.results.length > 0);
    const lead = (await asked.mock.results[0]!.value) as Leadership | undefined;
    await one.accepted(await announce(), await announce());
    expect(lead).toBeUndefined();
    expect(other.publisher.accepted).toEqual([]);
  });

  describe('whose rows are not acknowledged for half a minute', () => {
    /** The clock of this process is so much ahead. */
    const passTime = (ms: number) => {
      const now = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
    };

    it('keeps what it has sent while nobody else could send it', async () => {
      const { publisher, accepted } = start();
      const seq = await announce();
      await accepted(seq);
      passTime(31_000);
      await accepted(await announce(), await announce());
      expect(publisher.accepted.filter((one) => one === seq)).toEqual([seq]);
    });

    it('lets one lead that waits for it', async () => {
      const one = start();
      const seq = await announce();
      await one.accepted(seq);
      const other = start();
      const waiting = () =>
        db.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      await until('the other one to wait', async () => (await waiting()).rowCount === 1);
      passTime(31_000);
      await other.accepted(seq);
      other.publisher.acknowledge!([seq]);
      await until('the row to be gone', async () => (await outbox()).length === 0);
    });
  });
});
