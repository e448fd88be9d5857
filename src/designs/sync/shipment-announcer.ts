import { Injectable } from '@nestjs/common';
import type { Shipment } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';
import { OrderFulfilmentService } from '../../modules/orders/index.js';
import { ShipmentAnnouncer } from '../../modules/shipping/index.js';
import { Calls } from './calls.js';

@Injectable()
export class SyncShipmentAnnouncer extends ShipmentAnnouncer {
  constructor(
    private readonly calls: Calls,
    private readonly orders: OrderFulfilmentService,
  ) {
    super();
  }

  scheduled(tx: Tx, shipment: Shipment): Promise<void> {
    return this.calls.make(tx, shipment, {
      orders: (effects) => this.orders.ship(shipment, effects),
    });
  }

  async cancelled(): Promise<void> {
    // Nobody in the shop waits for it.
  }
}
