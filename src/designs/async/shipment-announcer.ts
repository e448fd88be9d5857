import { Injectable } from '@nestjs/common';
import { ShipmentCancelled, ShipmentScheduled, type Shipment } from '../../contracts/index.js';
import { Outbox, type Tx } from '../../messaging/index.js';
import { ShipmentAnnouncer } from '../../modules/shipping/index.js';

@Injectable()
export class AsyncShipmentAnnouncer extends ShipmentAnnouncer {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  scheduled(tx: Tx, shipment: Shipment): Promise<void> {
    return this.outbox.add(tx, ShipmentScheduled, shipment);
  }

  cancelled(tx: Tx, shipment: Shipment): Promise<void> {
    return this.outbox.add(tx, ShipmentCancelled, shipment);
  }
}
