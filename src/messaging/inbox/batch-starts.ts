import type { EntityManager } from 'typeorm';
import { Failure } from '../failure.js';
import type { Arrival } from '../record.js';

/** A handler that was begun more often and never ended, ends its process. */
export const MOST_STARTS = 5;
/** What was under way beside it, or a process that was killed from outside, looks alike: it has two trials, alone. */
export const TRIAL = { starts: MOST_STARTS - 2, pauseMs: 10_000 };

/** Begun again and again, and never ended: it is tried alone, later, before a person is asked. */
export class HandlerSuspected extends Failure {
  readonly code = 'handler_suspected';
  readonly retryable = true;
  constructor(event: string | undefined) {
    super(`The handler of ${event} was begun ${MOST_STARTS} times and has not ended: it is tried alone.`);
  }
}

/** The delivery's handler has ended its process again and again. */
export class HandlerEndsProcess extends Failure {
  readonly code = 'handler_ends_process';
  readonly retryable = false;
  constructor(event: string | undefined) {
    super(`The handler of ${event} was begun ${MOST_STARTS} times and ended the process.`);
  }
}

/**
 * Counts how often a batch was begun and not finished: a handler that ends its process leaves no other trace.
 * Only the first batch after each assignment is noted; what killed the last owner stands in it.
 */
export class BatchStarts {
  constructor(private readonly subscriber: string) {}

  /** Notes that work begins at an arrival; how often it has begun there, this time included. */
  async note(db: EntityManager, { record }: Arrival): Promise<number> {
    const rows: { starts: number }[] = await db.query(
      `INSERT INTO batch_start AS b (subscriber, topic, partition, base) VALUES ($1, $2, $3, $4)
       ON CONFLICT (subscriber, topic, partition, base) DO UPDATE SET starts = b.starts + 1 RETURNING starts`,
      [this.subscriber, record.topic, record.partition, record.offset],
    );
    return rows[0]!.starts;
  }

  /** The batch has ended, and the process with it has not. */
  async clear(db: EntityManager, { record }: Arrival): Promise<void> {
    await db.query(`DELETE FROM batch_start WHERE subscriber = $1 AND topic = $2 AND partition = $3`, [
      this.subscriber,
      record.topic,
      record.partition,
    ]);
  }
}
