import type { Order } from './order.entity.js';
import type { OrderView } from './orders.schemas.js';

/** An order as REST shows it. */
export const orderView = (order: Order): OrderView => ({
  id: order.id,
  userId: order.userId,
  status: order.status,
  lines: order.lines,
  total: order.total,
  currency: order.currency,
  placedAt: order.placedAt.toISOString(),
});
