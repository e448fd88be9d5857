import { Injectable } from '@nestjs/common';
import type { Shipment } from '../../contracts/index.js';
import type { Effects } from '../../messaging/index.js';
import { OrderFulfilmentAnnouncer } from './order-fulfilment-announcer.js';
import { transition } from './order.transition.js';

/** What shipping causes. */
@Injectable()
export class OrderFulfilmentService {
  constructor(private readonly announcer: OrderFulfilmentAnnouncer) {}

  async ship(shipment: Shipment, effects: Effects): Promise<void> {
    await effects.once(async (tx) => {
      const order = await transition(tx, shipment.orderId, ['confirmed'], 'shipped', 'shippedAt');
      if (order) await this.announcer.shipped(tx, order);
    });
  }
}
