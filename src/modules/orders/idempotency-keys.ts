import { createHash } from 'node:crypto';
import { sqlState, type Tx } from '../../messaging/index.js';
import { IdempotencyKeyReused, RequestInProgress } from './orders.errors.js';

const LOCK_NOT_AVAILABLE = '55P03';

/** A request that a client may repeat. */
export interface RepeatableRequest {
  /** The route. */
  scope: string;
  key: string;
  body: unknown;
  orderId: string;
}

/**
 * The first answer to each Idempotency-Key, kept in the order's own transaction: an order and its answer stand or fall
 * together (draft-ietf-httpapi-idempotency-key-header).
 */
export const idempotencyKeys = {
  /**
   * Claims the key; resolves to the first answer when there is one. Must be the transaction's first statement.
   * @throws RequestInProgress after 3 s while another request holds the key, IdempotencyKeyReused for another body.
   */
  async claim<T>(tx: Tx, request: RepeatableRequest): Promise<T | undefined> {
    const fingerprint = createHash('sha256').update(JSON.stringify(request.body)).digest();
    await tx.query(`SET LOCAL lock_timeout = '3s'`);
    const claimed = await tx
      .query<unknown[]>(
        `INSERT INTO idempotency_key (scope, key, fingerprint, order_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING RETURNING 1`,
        [request.scope, request.key, fingerprint, request.orderId],
      )
      .catch((error: unknown) => {
        throw sqlState(error) === LOCK_NOT_AVAILABLE ? new RequestInProgress() : error;
      });
    if (claimed.length === 1) return undefined;
    const stored: { fingerprint: Buffer; answer: string | null }[] = await tx.query(
      `SELECT fingerprint, answer FROM idempotency_key WHERE scope = $1 AND key = $2`,
      [request.scope, request.key],
    );
    // A first request that rolled back between the two statements left nothing: the client repeats.
    if (!stored[0]?.answer) throw new RequestInProgress();
    if (!stored[0].fingerprint.equals(fingerprint)) throw new IdempotencyKeyReused();
    return JSON.parse(stored[0].answer) as T;
  },

  /** Keeps the answer, in the transaction that earned it. */
  async keep(tx: Tx, request: RepeatableRequest, status: number, answer: unknown): Promise<void> {
    await tx.query(`UPDATE idempotency_key SET status = $3, answer = $4 WHERE scope = $1 AND key = $2`, [
      request.scope,
      request.key,
      status,
      JSON.stringify(answer),
    ]);
  },
};
