import { Injectable } from '@nestjs/common';
import { OrderCancelled, OrderPlaced, type PlacedOrder } from '../../contracts/index.js';
import { Outbox, type Tx } from '../../messaging/index.js';
import { OrderAnnouncer } from '../../modules/orders/index.js';

@Injectable()
export class AsyncOrderAnnouncer extends OrderAnnouncer {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  placed(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.outbox.add(tx, OrderPlaced, order);
  }

  cancelled(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.outbox.add(tx, OrderCancelled, order);
  }
}
