import { z } from 'zod';
import { event } from '../messaging/event.js';

const Shipment = z.object({
  orderId: z.uuid(),
  shipmentId: z.uuid(),
  tracking: z.string(),
  sequence: z.int().min(1),
});
export type Shipment = z.infer<typeof Shipment>;

const shipmentEvent = (name: string) =>
  event({
    name,
    version: 1,
    topic: 'shipping',
    key: (shipment) => shipment.orderId,
    sequence: (shipment) => shipment.sequence,
    schema: Shipment,
  });

/** The carrier has taken the booking. */
export const ShipmentScheduled = shipmentEvent('shipment.scheduled');
/** The booking was taken back. */
export const ShipmentCancelled = shipmentEvent('shipment.cancelled');
