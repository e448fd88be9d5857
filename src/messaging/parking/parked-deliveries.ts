import type { EntityManager } from 'typeorm';
import { Failure } from '../failure.js';
import { unpackHeaders } from '../record.js';
import { Transactions } from '../transactions.js';

export class ParkedNotFound extends Failure {
  readonly code = 'parked_not_found';
  readonly retryable = false;
}

/** A delivery of this lane runs at this moment. */
export class LaneLeased extends Failure {
  readonly code = 'lane_leased';
  readonly retryable = true;
}

/** In a mode that calls directly, a redriven delivery could charge an order that was cancelled meanwhile. */
export class ModeHasNoDeliveries extends Failure {
  readonly code = 'mode_has_no_deliveries';
  readonly retryable = false;
}

/** Which parked lanes a person means: all conditions that are given must hold. */
export interface ParkedSelection {
  id?: string;
  /** The code of the error, `contract_broken`. */
  code?: string;
  olderThanMs?: number;
}

export interface ParkedDelivery {
  id: string;
  subscriber: string;
  topic: string;
  key: string;
  eventId: string;
  name: string | null;
  version: number | null;
  parkedAt: string;
  /** null: it waits for a person. */
  dueAt: string | null;
  attempts: number;
  error: string;
  /** Deliveries of the same lane that stand before this one. */
  behind: number;
}

/** One of them with all that the record held. */
export interface ParkedRecord extends ParkedDelivery {
  partition: number;
  offset: string;
  /** The deliveries of the same lane that stand before this one: they run first. */
  before: string[];
  headers: Record<string, string>;
  /** What is not UTF-8 is base64; null: the record had none. */
  payload: string | null;
  payloadEncoding: 'utf8' | 'base64';
}

const COLUMNS = `p.id, p.subscriber, p.topic, p.key, p.event_id AS "eventId", p.name, p.version, p.parked_at AS "parkedAt",
  CASE WHEN k.due_at = 'infinity' THEN NULL ELSE k.due_at END AS "dueAt", k.attempts, k.error,
  (SELECT count(*)::int FROM parked b
   WHERE (b.subscriber, b.topic, b.key) = (p.subscriber, p.topic, p.key) AND b.id < p.id) AS behind`;

/** What a person may do with parked deliveries: changes of rows only; a handler is only ever run by the retry loop. */
export class ParkedDeliveries {
  private readonly transactions: Transactions;

  constructor(
    private readonly db: EntityManager,
    private readonly redriveAllowed: boolean,
  ) {
    this.transactions = new Transactions(db.connection);
  }

  /** The oldest parked deliveries, at most `limit`. */
  list(limit = 100): Promise<ParkedDelivery[]> {
    return this.db.query(
      `SELECT ${COLUMNS} FROM parked p JOIN parked_key k USING (subscriber, topic, key) ORDER BY p.id LIMIT $1`,
      [limit],
    );
  }

  /** @throws ParkedNotFound */
  async read(id: string): Promise<ParkedRecord> {
    const rows: (ParkedRecord & { bytes: Buffer | null; packed: Buffer })[] = await this.db.query(
      `SELECT ${COLUMNS}, p.partition, p."offset", p.value AS bytes, p.headers AS packed
       FROM parked p JOIN parked_key k USING (subscriber, topic, key) WHERE p.id = $1`,
      [id],
    );
    if (!rows[0]) throw new ParkedNotFound(`No parked delivery has the id ${id}.`);
    const { bytes, packed, ...delivery } = rows[0];
    const headers = Object.entries(unpackHeaders(packed)).map(([name, value]) => [name, String(value ?? '')]);
    return {
      ...delivery,
      before: await this.before(id),
      headers: Object.fromEntries(headers) as Record<string, string>,
      ...readable(bytes),
    };
  }

  /**
   * Makes lanes due now, with a fresh start; the order within a lane and the event ids stay. With an id, `before` names
   * the deliveries of its lane that run first.
   * @throws ParkedNotFound, ModeHasNoDeliveries
   */
  async redrive(selection: ParkedSelection): Promise<{ lanes: number; before?: string[] }> {
    if (!this.redriveAllowed)
      throw new ModeHasNoDeliveries(
        'This COMM_MODE delivers nothing: start in the mode that parked them, then redrive.',
      );
    const [, lanes] = await this.db.query<[unknown, number]>(
      `UPDATE parked_key k SET due_at = clock_timestamp(), attempts = 0, starts = 0, first_failed_at = clock_timestamp()
       WHERE ($1::bigint IS NULL OR EXISTS (SELECT 1 FROM parked p
              WHERE p.id = $1 AND (p.subscriber, p.topic, p.key) = (k.subscriber, k.topic, k.key)))
         AND ($2::text IS NULL OR split_part(k.error, ':', 1) = $2)
         AND ($3::float8 IS NULL OR k.first_failed_at < clock_timestamp() - $3 * interval '1 millisecond')`,
      [selection.id ?? null, selection.code ?? null, selection.olderThanMs ?? null],
    );
    if (lanes === 0 && selection.id) throw new ParkedNotFound(`No parked delivery has the id ${selection.id}.`);
    return selection.id ? { lanes, before: await this.before(selection.id) } : { lanes };
  }

  /** Gives a delivery up: its mark says `deleted`, so that no repeat brings it back. */
  async delete(id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const found: { subscriber: string; topic: string; key: string; leased: boolean }[] = await tx.query(
        `SELECT k.subscriber, k.topic, k.key, k.lease_until > clock_timestamp() AS leased FROM parked_key k
         JOIN parked p USING (subscriber, topic, key) WHERE p.id = $1 FOR UPDATE OF k`,
        [id],
      );
      if (!found[0]) throw new ParkedNotFound(`No parked delivery has the id ${id}.`);
      if (found[0].leased) throw new LaneLeased('This lane is being retried at this moment: try again in a minute.');
      await tx.query(
        `WITH gone AS (DELETE FROM parked WHERE id = $1 RETURNING subscriber, event_id)
         INSERT INTO inbox (subscriber, event_id, outcome) SELECT subscriber, event_id, 'deleted' FROM gone
         ON CONFLICT DO NOTHING`,
        [id],
      );
      const lane = [found[0].subscriber, found[0].topic, found[0].key];
      // Where nothing is delivered, what stood behind must not come to life when a later start delivers again.
      await tx.query(
        `UPDATE parked_key SET depth = depth - 1, attempts = 0, starts = 0, error = '',
           due_at = CASE WHEN $4 THEN clock_timestamp() ELSE due_at END
         WHERE subscriber = $1 AND topic = $2 AND key = $3`,
        [...lane, this.redriveAllowed],
      );
      await tx.query(`DELETE FROM parked_key WHERE subscriber = $1 AND topic = $2 AND key = $3 AND depth = 0`, lane);
    });
  }

  private async before(id: string): Promise<string[]> {
    const rows: { id: string }[] = await this.db.query(
      `SELECT b.id FROM parked p JOIN parked b USING (subscriber, topic, key) WHERE p.id = $1 AND b.id < p.id ORDER BY b.id`,
      [id],
    );
    return rows.map((row) => row.id);
  }
}

function readable(bytes: Buffer | null): Pick<ParkedRecord, 'payload' | 'payloadEncoding'> {
  if (bytes === null) return { payload: null, payloadEncoding: 'utf8' };
  const text = bytes.toString('utf8');
  if (Buffer.from(text).equals(bytes)) return { payload: text, payloadEncoding: 'utf8' };
  return { payload: bytes.toString('base64'), payloadEncoding: 'base64' };
}
