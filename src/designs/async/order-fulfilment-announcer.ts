import { Injectable } from '@nestjs/common';
import { OrderShipped, type PlacedOrder } from '../../contracts/index.js';
import { Outbox, type Tx } from '../../messaging/index.js';
import { OrderFulfilmentAnnouncer } from '../../modules/orders/index.js';

@Injectable()
export class AsyncOrderFulfilmentAnnouncer extends OrderFulfilmentAnnouncer {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  shipped(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.outbox.add(tx, OrderShipped, order);
  }
}
