import type { Tx } from '../effects.js';
import type { Outbox } from '../outbox/outbox.js';
import { packHeaders, type Arrival } from '../record.js';
import type { Transactions } from '../transactions.js';
import { DeliveryParked } from './dead-letter.event.js';
import { describe, pauseAfter } from './due.js';

/** A lane: (subscriber, topic, key). */
export interface Lane {
  topic: string;
  key: string;
}

/** How a delivery that may have ended its process is parked: as begun so often, and due after a pause. */
export interface Trial {
  starts: number;
  pauseMs: number;
}

/**
 * The failed deliveries of one subscriber, each with every later delivery of its key behind it.
 *
 * Only an arrival adds to a lane; a row leaves it only in the transaction that writes its mark. Lock order: the lane's
 * row before its parked rows, so that an arrival and a drain of the same lane wait for each other.
 */
export class Parking {
  constructor(
    private readonly subscriber: string,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly retryForMs: number,
    /** Hears when it is due, in milliseconds (null: a person decides), and what it is. */
    private readonly onParked: (delayMs: number | null, arrival: Arrival) => void,
  ) {}

  /** Parks the first failed delivery of a lane. */
  async fail(arrival: Arrival, error: unknown, trial?: Trial): Promise<void> {
    const pause = trial?.pauseMs ?? pauseAfter(error, 1, 0, this.retryForMs);
    await this.transactions.run(async (tx) => {
      const id = await this.park(tx, arrival, pause, describe(error).text, trial?.starts);
      if (pause === null && id) await this.announce(tx, id, arrival, error);
    });
    this.onParked(pause, arrival);
  }

  /** Puts a delivery behind the ones of its lane that wait already; a lane that was drained meanwhile is due at once. */
  async queue(arrival: Arrival): Promise<void> {
    await this.transactions.run((tx) => this.park(tx, arrival, 0, ''));
    this.onParked(0, arrival);
  }

  /** Tells the topic `dead-letters` that a delivery waits for a person. */
  async announce(tx: Tx, id: string, arrival: Arrival, error: unknown): Promise<void> {
    const { record } = arrival;
    await this.outbox.add(tx, DeliveryParked, {
      parkedId: id,
      subscriber: this.subscriber,
      topic: record.topic,
      key: arrival.key,
      eventId: arrival.eventId,
      name: arrival.name,
      partition: record.partition,
      offset: record.offset,
      code: describe(error).code,
      error: describe(error).text,
      excerpt: (record.value ?? Buffer.alloc(0)).subarray(0, 1000).toString('utf8'),
    });
  }

  /** Removes the head of a lane; the lane goes with its last row. Part of the transaction that writes the mark. */
  async complete(tx: Tx, lane: Lane, id: string): Promise<void> {
    const key = [this.subscriber, lane.topic, lane.key];
    const where = `subscriber = $1 AND topic = $2 AND key = $3`;
    await tx.query(`SELECT 1 FROM parked_key WHERE ${where} FOR UPDATE`, key);
    await tx.query(
      `WITH gone AS (DELETE FROM parked WHERE id = $4 RETURNING 1)
       UPDATE parked_key SET depth = depth - (SELECT count(*) FROM gone), attempts = 0, starts = 0,
         first_failed_at = clock_timestamp(), due_at = clock_timestamp(), error = '' WHERE ${where}`,
      [...key, id],
    );
    await tx.query(`DELETE FROM parked_key WHERE ${where} AND depth = 0`, key);
  }

  private async park(
    tx: Tx,
    arrival: Arrival,
    pauseMs: number | null,
    error: string,
    starts = 0,
  ): Promise<string | undefined> {
    const { record } = arrival;
    const lane = [this.subscriber, record.topic, arrival.key];
    // Three statements, so that each sees what the one before has waited for. The head keeps its due time.
    await tx.query(
      `INSERT INTO parked_key AS k (subscriber, topic, key, attempts, starts, error, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, ${dueIn('$7')})
       ON CONFLICT (subscriber, topic, key) DO UPDATE SET depth = k.depth`,
      [...lane, error ? 1 : 0, starts, error, pauseMs],
    );
    const put: { id: string }[] = await tx.query(
      `WITH put AS (
         INSERT INTO parked (subscriber, topic, key, event_id, name, version, record_key, value, headers, partition, "offset")
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
         WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE subscriber = $1 AND event_id = $4)
         ON CONFLICT (subscriber, event_id) DO NOTHING RETURNING id),
       counted AS (
         UPDATE parked_key SET depth = depth + (SELECT count(*) FROM put)
         WHERE subscriber = $1 AND topic = $2 AND key = $3)
       SELECT id FROM put`,
      [
        ...lane,
        arrival.eventId,
        arrival.name?.replaceAll('\0', '').slice(0, 200) ?? null,
        arrival.version ?? null,
        record.key,
        record.value,
        packHeaders(record.headers),
        record.partition,
        record.offset,
      ],
    );
    await tx.query(`DELETE FROM parked_key WHERE subscriber = $1 AND topic = $2 AND key = $3 AND depth = 0`, lane);
    return put[0]?.id;
  }
}

/** A due time by the database's clock: `null` milliseconds wait for a person. */
export const dueIn = (parameter: string): string =>
  `COALESCE(clock_timestamp() + ${parameter}::float8 * interval '1 millisecond', 'infinity')`;
