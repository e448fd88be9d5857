import type { EntityManager } from 'typeorm';
import type { Tx } from '../effects.js';
import type { Arrival } from '../record.js';

/** What is known of a fetched batch before its first delivery runs. */
export interface LookUp {
  /** Event ids that had their effect, or were deleted by a person. */
  done: Set<string>;
  /** Keys, as `topic/key`, of lanes in which deliveries are parked. */
  parkedLanes: Set<string>;
  /** Marks of events announced before this time may have been pruned. */
  horizon: Date;
}

export const laneOf = (arrival: Arrival): string => `${arrival.record.topic}/${arrival.key}`;

/** The marks of one subscriber: the proof, in the effect's own transaction, that a delivery has happened. */
export class Inbox {
  constructor(private readonly subscriber: string) {}

  /**
   * Writes the mark; false when it stands already. Must be the first statement of the effect's transaction: a
   * concurrent run of the same delivery then waits here until the first has ended.
   */
  async mark(tx: Tx, eventId: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO inbox (subscriber, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1`,
      [this.subscriber, eventId],
    );
    return rows.length === 1;
  }

  /** Writes the marks of a batch in one statement; the ids that had none. */
  async markAll(tx: Tx, eventIds: readonly string[]): Promise<Set<string>> {
    const rows: { event_id: string }[] = await tx.query(
      `INSERT INTO inbox (subscriber, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id`,
      [this.subscriber, eventIds],
    );
    return new Set(rows.map((row) => row.event_id));
  }

  async isMarked(db: EntityManager, eventId: string): Promise<boolean> {
    const rows: unknown[] = await db.query(`SELECT 1 FROM inbox WHERE subscriber = $1 AND event_id = $2`, [
      this.subscriber,
      eventId,
    ]);
    return rows.length === 1;
  }

  /** Marks and parked lanes of a whole batch, in one statement. */
  async lookUp(db: EntityManager, arrivals: readonly Arrival[]): Promise<LookUp> {
    const rows: { event_id: string | null; lane: string | null; horizon: string | null }[] = await db.query(
      `SELECT event_id, NULL AS lane, NULL::float8 AS horizon FROM inbox WHERE subscriber = $1 AND event_id = ANY($2::uuid[])
       UNION ALL
       SELECT NULL, topic || '/' || key, NULL FROM parked_key WHERE subscriber = $1 AND (topic, key) IN
         (SELECT * FROM unnest($3::text[], $4::text[]))
       UNION ALL
       SELECT NULL, NULL, extract(epoch FROM pruned_before)::float8 * 1000 FROM inbox_horizon WHERE subscriber = $1`,
      [
        this.subscriber,
        arrivals.map((arrival) => arrival.eventId),
        arrivals.map((arrival) => arrival.record.topic),
        arrivals.map((arrival) => arrival.key),
      ],
    );
    return {
      done: new Set(rows.flatMap((row) => row.event_id ?? [])),
      parkedLanes: new Set(rows.flatMap((row) => row.lane ?? [])),
      horizon: new Date(Number(rows.find((row) => row.horizon !== null)?.horizon ?? -8.64e15)),
    };
  }
}
