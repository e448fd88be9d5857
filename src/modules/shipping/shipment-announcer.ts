import type { Shipment } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';

/** What the shipping module has to say. */
export abstract class ShipmentAnnouncer {
  abstract scheduled(tx: Tx, shipment: Shipment): Promise<void>;
  abstract cancelled(tx: Tx, shipment: Shipment): Promise<void>;
}
