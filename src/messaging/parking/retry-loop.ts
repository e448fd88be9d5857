import { randomUUID } from 'node:crypto';
import { UnknownEvent, type EventCatalogue } from '../event-catalogue.js';
import type { Tx } from '../effects.js';
import { HandlerEndsProcess, MOST_STARTS } from '../inbox/batch-starts.js';
import type { DeliveryRunner } from '../inbox/delivery-runner.js';
import type { Inbox } from '../inbox/inbox.js';
import type { OutageBrake } from '../inbox/outage-brake.js';
import { Stopping, type Patience } from '../patience.js';
import { toArrival, unpackHeaders, type Arrival } from '../record.js';
import { mayConcern, type SubscriberDeclaration } from '../subscriber.js';
import type { Transactions } from '../transactions.js';
import { describe, pauseAfter } from './due.js';
import { dueIn, type Lane, type Parking } from './parking.js';

const POLL_MS = 1000;
const UNKNOWN_PAUSE_MS = 30_000;

interface LeasedLane extends Lane {
  lease: string;
  attempts: number;
  starts: number;
  failingForMs: number;
}

interface Head {
  id: string;
  arrival: Arrival;
}

interface LoopSettings {
  app: string;
  concurrency: number;
  handlerTimeoutMs: number;
  retryForMs: number;
}

/**
 * Runs parked deliveries when they are due: only the oldest of a lane, only by the holder of the lane's lease.
 * Every process of a subscriber runs one loop; leases are compared with the database's clock.
 */
export class RetryLoop {
  private running = false;
  private loop = Promise.resolve();
  private wake: () => void = () => undefined;

  constructor(
    private readonly subscriber: SubscriberDeclaration,
    private readonly settings: LoopSettings,
    private readonly catalogue: EventCatalogue,
    private readonly inbox: Inbox,
    private readonly parking: Parking,
    private readonly runner: DeliveryRunner,
    private readonly transactions: Transactions,
    private readonly patience: Patience,
    private readonly brake: OutageBrake,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Stops taking lanes and waits for the deliveries that run. */
  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
  }

  /** A delivery was parked here and is due after `delayMs`. */
  expect(delayMs: number | null): void {
    if (delayMs === null) return;
    setTimeout(() => this.wake(), delayMs).unref();
  }

  private async run(): Promise<void> {
    while (this.running) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      try {
        if (this.brake.holds) await this.patience.waitForDatabase(() => this.makeOldestDue());
        const lanes = await this.patience.waitForDatabase(() => this.lease());
        await Promise.all(lanes.map((lane) => this.drain(lane)));
        if (lanes.length > 0) continue;
      } catch (error) {
        if (error instanceof Stopping) return;
        this.onError(error);
      }
      const poll = setTimeout(() => this.wake(), POLL_MS);
      if (this.running) await woken;
      clearTimeout(poll);
    }
  }

  /**
   * While arrivals wait for an outage to end, the oldest parked delivery is the probe. Where none is left (another
   * process has had them, or a person), nothing here would ever end the wait: the next arrival is the probe.
   */
  private async makeOldestDue(): Promise<void> {
    const rows: { probes: number }[] = await this.transactions.dataSource.query(
      `WITH oldest AS (
         SELECT subscriber, topic, key FROM parked_key WHERE subscriber = $1 AND due_at < 'infinity'
         ORDER BY first_failed_at LIMIT 1),
       made_due AS (
         UPDATE parked_key SET due_at = clock_timestamp()
         WHERE (subscriber, topic, key) IN (SELECT * FROM oldest) AND lease_until <= clock_timestamp())
       SELECT count(*)::int AS probes FROM oldest`,
      [this.subscriber.name],
    );
    if (rows[0]!.probes === 0) this.brake.succeeded();
  }

  /**
   * The lanes that are due. One that was begun and never given back is a suspect, and leased alone: it must neither
   * take others with it when it ends the process, nor count as begun while another one does.
   */
  private async lease(): Promise<LeasedLane[]> {
    const [rows] = await this.transactions.dataSource.query<[LeasedLane[], number]>(
      `WITH due AS (
         SELECT topic, key, starts > 0 AS suspect, row_number() OVER (ORDER BY due_at) AS place
         FROM (SELECT topic, key, starts, due_at FROM parked_key
               WHERE subscriber = $1 AND due_at <= clock_timestamp() AND lease_until <= clock_timestamp()
               ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) locked),
       taken AS (
         SELECT topic, key FROM due
         WHERE CASE WHEN (SELECT suspect FROM due WHERE place = 1) THEN place = 1 ELSE NOT suspect END)
       UPDATE parked_key AS k SET lease = $2, lease_until = clock_timestamp() + $3 * interval '1 millisecond',
         attempts = k.attempts + 1, starts = k.starts + 1
       FROM taken due
       WHERE k.subscriber = $1 AND k.topic = due.topic AND k.key = due.key
       RETURNING k.topic, k.key, k.lease, k.attempts, k.starts,
         extract(epoch FROM clock_timestamp() - k.first_failed_at) * 1000 AS "failingForMs"`,
      [this.subscriber.name, randomUUID(), 3 * this.settings.handlerTimeoutMs, this.settings.concurrency],
    );
    return rows.map((lane) => ({ ...lane, failingForMs: Number(lane.failingForMs) }));
  }

  /** Runs a lane from its head until it is empty, fails, or is no longer ours. */
  private async drain(lane: LeasedLane): Promise<void> {
    while (this.running) {
      const head = await this.patience.waitForDatabase(() => this.head(lane));
      if (!head) return;
      const more = await this.take(lane, head);
      if (!more) return;
      lane = { ...lane, attempts: 1, starts: 1 };
      if (!(await this.patience.waitForDatabase(() => this.renew(lane)))) return;
    }
    await this.putBack(lane, 0);
  }

  /** True when the head has left the lane and the next may be run. */
  private async take(lane: LeasedLane, head: Head): Promise<boolean> {
    const { content } = head.arrival;
    const complete = (tx: Tx) => this.parking.complete(tx, lane, head.id);
    if ('unknown' in content) {
      if (lane.failingForMs > this.settings.retryForMs)
        return this.giveBack(lane, head, new UnknownEvent(content.unknown));
      await this.putBack(lane, UNKNOWN_PAUSE_MS);
      return false;
    }
    if (!mayConcern(this.subscriber, content)) {
      await this.patience.waitForDatabase(() => this.transactions.run(complete));
      return true;
    }
    if (lane.starts > MOST_STARTS) return this.giveBack(lane, head, new HandlerEndsProcess(head.arrival.name));
    if (await this.patience.waitForDatabase(() => this.inbox.isMarked(this.runner.reader, head.arrival.eventId))) {
      await this.patience.waitForDatabase(() => this.transactions.run(complete));
      return true;
    }
    if ('poison' in content) return this.giveBack(lane, head, content.poison);
    const error = await this.runner.run(head.arrival, {
      mayStart: () => this.running,
      complete,
      confirm: () => this.renew(lane),
    });
    if (error) return this.giveBack(lane, head, error);
    this.brake.succeeded();
    return true;
  }

  /** Returns a failed lane with its next due time; a last failure is announced to `dead-letters`. */
  private async giveBack(lane: LeasedLane, head: Head, error: Error): Promise<false> {
    const pause = pauseAfter(error, lane.attempts, lane.failingForMs, this.settings.retryForMs);
    await this.patience.waitForDatabase(() =>
      this.transactions.run(async (tx) => {
        const [, held] = await tx.query<[unknown, number]>(
          `UPDATE parked_key SET due_at = ${dueIn('$5')}, starts = 0, error = $6, lease_until = '-infinity'
           WHERE subscriber = $1 AND topic = $2 AND key = $3 AND lease = $4`,
          [this.subscriber.name, lane.topic, lane.key, lane.lease, pause, describe(error).text],
        );
        if (held === 1 && pause === null) await this.parking.announce(tx, head.id, head.arrival, error);
      }),
    );
    this.expect(pause);
    return false;
  }

  /** Returns a lane that was not run: the start does not count. */
  private async putBack(lane: LeasedLane, pauseMs: number): Promise<void> {
    await this.patience.waitForDatabase(() =>
      this.transactions.dataSource.query(
        `UPDATE parked_key SET due_at = ${dueIn('$5')}, attempts = greatest(attempts - 1, 0),
           starts = greatest(starts - 1, 0), lease_until = '-infinity'
         WHERE subscriber = $1 AND topic = $2 AND key = $3 AND lease = $4`,
        [this.subscriber.name, lane.topic, lane.key, lane.lease, pauseMs],
      ),
    );
  }

  private async renew(lane: LeasedLane): Promise<boolean> {
    const [, held] = await this.transactions.dataSource.query<[unknown, number]>(
      `UPDATE parked_key SET lease_until = clock_timestamp() + $5 * interval '1 millisecond', starts = $6
       WHERE subscriber = $1 AND topic = $2 AND key = $3 AND lease = $4 AND lease_until > clock_timestamp()`,
      [this.subscriber.name, lane.topic, lane.key, lane.lease, 3 * this.settings.handlerTimeoutMs, lane.starts],
    );
    return held === 1;
  }

  private async head(lane: Lane): Promise<Head | undefined> {
    const rows: StoredRecord[] = await this.transactions.dataSource.query(
      `SELECT id, record_key, value, headers, partition, "offset" FROM parked
       WHERE subscriber = $1 AND topic = $2 AND key = $3 ORDER BY id LIMIT 1`,
      [this.subscriber.name, lane.topic, lane.key],
    );
    return rows[0] && { id: rows[0].id, arrival: this.restore(lane, rows[0]) };
  }

  private restore(lane: Lane, stored: StoredRecord): Arrival {
    const { partition, offset, value } = stored;
    const record = {
      topic: lane.topic,
      partition,
      offset,
      key: stored.record_key,
      value,
      headers: unpackHeaders(stored.headers),
    };
    return toArrival(record, this.settings.app, this.catalogue);
  }
}

interface StoredRecord {
  id: string;
  record_key: Buffer | null;
  value: Buffer | null;
  headers: Buffer;
  partition: number;
  offset: string;
}
