import { Injectable } from '@nestjs/common';
import { OrderConfirmed, OrderPaymentDeclined, type PlacedOrder } from '../../contracts/index.js';
import { Outbox, type Tx } from '../../messaging/index.js';
import { OrderPaymentAnnouncer } from '../../modules/orders/index.js';

@Injectable()
export class AsyncOrderPaymentAnnouncer extends OrderPaymentAnnouncer {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  confirmed(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.outbox.add(tx, OrderConfirmed, order);
  }

  paymentDeclined(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.outbox.add(tx, OrderPaymentDeclined, order);
  }
}
