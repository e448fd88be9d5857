import { z } from 'zod';
import { event } from '../../src/messaging/event.js';

const Order = z.object({ orderId: z.string(), declined: z.boolean(), sequence: z.int() });
/** All that an event of the simulated shop says. */
export type OrderFact = z.infer<typeof Order>;

const named = (topic: string) => (name: string) =>
  event({ name, version: 1, topic, key: (fact) => fact.orderId, sequence: (fact) => fact.sequence, schema: Order });

const ofOrders = named('orders');
const ofBilling = named('billing');
const ofShipping = named('shipping');

export const EVENTS = [
  ...['order.placed', 'order.confirmed', 'order.payment_declined', 'order.shipped', 'order.cancelled'].map(ofOrders),
  ...['payment.captured', 'payment.declined', 'payment.refunded'].map(ofBilling),
  ...['shipment.scheduled', 'shipment.cancelled'].map(ofShipping),
];
