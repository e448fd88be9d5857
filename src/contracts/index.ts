import type { AnyEvent } from '../messaging/event.js';
import { OrderCancelled, OrderConfirmed, OrderPaymentDeclined, OrderPlaced, OrderShipped } from './order.events.js';
import { PaymentCaptured, PaymentDeclined, PaymentRefunded } from './payment.events.js';
import { ShipmentCancelled, ShipmentScheduled } from './shipment.events.js';
import { UserRegistered } from './user.events.js';

export * from './order.events.js';
export * from './payment.events.js';
export * from './shipment.events.js';
export * from './user.events.js';

/** Every event that the shop publishes, by hand: an event that is missing here cannot be announced. */
export const EVENTS: readonly AnyEvent[] = [
  UserRegistered,
  OrderPlaced,
  OrderConfirmed,
  OrderPaymentDeclined,
  OrderShipped,
  OrderCancelled,
  PaymentCaptured,
  PaymentDeclined,
  PaymentRefunded,
  ShipmentScheduled,
  ShipmentCancelled,
];

/** Published for readers outside of the shop; any other event without a subscriber refuses to start. */
export const UNHEARD: readonly string[] = [PaymentRefunded.name, ShipmentCancelled.name];
