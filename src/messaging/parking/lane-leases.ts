import { randomUUID } from 'node:crypto';
import type { Tx } from '../effects.js';
import type { Transactions } from '../transactions.js';
import { dueIn, type Lane } from './parking.js';

/** A lane that one process may run until its lease ends. */
export interface LeasedLane extends Lane {
  lease: string;
  attempts: number;
  starts: number;
  failingForMs: number;
}

/** Of HANDLER_TIMEOUT: nobody else may take a lane while its head still runs. */
const TIMES_IN_A_LEASE = 3;

/** Who may run which of one subscriber's parked lanes, by the database's clock. A process that dies keeps its leases. */
export class LaneLeases {
  private readonly leaseMs: number;

  constructor(
    private readonly subscriber: string,
    private readonly transactions: Transactions,
    handlerTimeoutMs: number,
  ) {
    this.leaseMs = TIMES_IN_A_LEASE * handlerTimeoutMs;
  }

  /**
   * Leases the lanes that are due, the most urgent first. One that was begun and never given back is a suspect, and
   * leased alone: it must neither take others with it when it ends the process, nor count as begun while another does.
   */
  async take(most: number): Promise<LeasedLane[]> {
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
      [this.subscriber, randomUUID(), this.leaseMs, most],
    );
    return rows.map((lane) => ({ ...lane, failingForMs: Number(lane.failingForMs) }));
  }

  /** False when the lease has ended or is another's: whatever is under way must not be finished. */
  async renew(lane: LeasedLane): Promise<boolean> {
    const [, held] = await this.transactions.dataSource.query<[unknown, number]>(
      `UPDATE parked_key SET lease_until = clock_timestamp() + $5 * interval '1 millisecond', starts = $6
       WHERE subscriber = $1 AND topic = $2 AND key = $3 AND lease = $4 AND lease_until > clock_timestamp()`,
      [this.subscriber, lane.topic, lane.key, lane.lease, this.leaseMs, lane.starts],
    );
    return held === 1;
  }

  /** Returns a lane whose head has failed, due after `pauseMs` (null: a person decides); `then` when it was held. */
  giveBack(lane: LeasedLane, pauseMs: number | null, error: string, then: (tx: Tx) => Promise<unknown>): Promise<void> {
    return this.transactions.run(async (tx) => {
      const [, held] = await tx.query<[unknown, number]>(
        `UPDATE parked_key SET due_at = ${dueIn('$5')}, starts = 0, error = $6, lease_until = '-infinity'
         WHERE subscriber = $1 AND topic = $2 AND key = $3 AND lease = $4`,
        [this.subscriber, lane.topic, lane.key, lane.lease, pauseMs, error],
      );
      if (held === 1) await then(tx);
    });
  }

  /** Returns a lane that was not run: the start does not count. */
  async putBack(lane: LeasedLane, pauseMs: number): Promise<void> {
    await this.transactions.dataSource.query(
      `UPDATE parked_key SET due_at = ${dueIn('$5')}, attempts = greatest(attempts - 1, 0),
         starts = greatest(starts - 1, 0), lease_until = '-infinity'
       WHERE subscriber = $1 AND topic = $2 AND key = $3 AND lease = $4`,
      [this.subscriber, lane.topic, lane.key, lane.lease, pauseMs],
    );
  }

  /** Makes the lane that has failed for longest due now; false when nobody but a person could run any. */
  async makeOldestDue(): Promise<boolean> {
    const rows: { probes: number }[] = await this.transactions.dataSource.query(
      `WITH oldest AS (
         SELECT subscriber, topic, key FROM parked_key WHERE subscriber = $1 AND due_at < 'infinity'
         ORDER BY first_failed_at LIMIT 1),
       made_due AS (
         UPDATE parked_key SET due_at = clock_timestamp()
         WHERE (subscriber, topic, key) IN (SELECT * FROM oldest) AND lease_until <= clock_timestamp())
       SELECT count(*)::int AS probes FROM oldest`,
      [this.subscriber],
    );
    return rows[0]!.probes > 0;
  }
}
