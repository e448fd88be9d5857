import { z } from 'zod';
import { event } from '../messaging/event.js';
import { Amount, Currency } from './money.js';

const Order = z.object({
  orderId: z.uuid(),
  userId: z.uuid(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int().min(1), unitPrice: z.int().min(0) })).min(1),
  total: Amount,
  currency: Currency,
  placedAt: z.iso.datetime(),
  sequence: z.int().min(1),
});

/** What every order event says: the order as it was placed, and its place in the order's history. */
export type PlacedOrder = z.infer<typeof Order>;

const orderEvent = (name: string) =>
  event({
    name,
    version: 1,
    topic: 'orders',
    key: (order) => order.orderId,
    sequence: (order) => order.sequence,
    schema: Order,
  });

/** A user has ordered; nothing is paid yet. */
export const OrderPlaced = orderEvent('order.placed');
/** The payment was captured. */
export const OrderConfirmed = orderEvent('order.confirmed');
/** The card was declined: the order is over. */
export const OrderPaymentDeclined = orderEvent('order.payment_declined');
/** The carrier has taken the booking. */
export const OrderShipped = orderEvent('order.shipped');
/** The user has cancelled: what was paid is refunded, what was booked is taken back. */
export const OrderCancelled = orderEvent('order.cancelled');
