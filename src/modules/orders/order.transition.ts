import type { PlacedOrder } from '../../contracts/index.js';
import { changeOne } from '../../database/effect-row.js';
import type { Tx } from '../../messaging/index.js';
import { Order, type OrderStatus } from './order.entity.js';

type Stamp = 'confirmedAt' | 'declinedAt' | 'shippedAt' | 'cancelledAt';

/**
 * Moves an order to another status and raises its sequence, in one statement that locks its row; `undefined` when the
 * order is in none of the statuses it could come from, because somebody else was first.
 */
export async function transition(
  tx: Tx,
  id: string,
  from: readonly OrderStatus[],
  to: OrderStatus,
  stamp: Stamp,
): Promise<PlacedOrder | undefined> {
  const row = await changeOne<Omit<Order, 'total'> & { total: string }>(
    tx,
    Order,
    { status: to, sequence: () => 'sequence + 1', [stamp]: () => 'clock_timestamp()' },
    ['id = :id AND status = ANY(:from)', { id, from }],
    'id, user_id AS "userId", lines, total, currency, sequence, placed_at AS "placedAt"',
  );
  return row && orderData({ ...row, total: Number(row.total) });
}

/** What every order event says. */
export const orderData = (
  order: Pick<Order, 'id' | 'userId' | 'lines' | 'total' | 'currency' | 'placedAt' | 'sequence'>,
): PlacedOrder => ({
  orderId: order.id,
  userId: order.userId,
  lines: order.lines,
  total: order.total,
  currency: order.currency,
  placedAt: order.placedAt.toISOString(),
  sequence: order.sequence,
});
