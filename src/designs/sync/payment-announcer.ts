import { Injectable } from '@nestjs/common';
import type { Payment } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';
import { CardDeclined, PaymentAnnouncer } from '../../modules/billing/index.js';
import { OrderPaymentService } from '../../modules/orders/index.js';
import { Calls } from './calls.js';

@Injectable()
export class SyncPaymentAnnouncer extends PaymentAnnouncer {
  constructor(
    private readonly calls: Calls,
    private readonly orders: OrderPaymentService,
  ) {
    super();
  }

  captured(tx: Tx, payment: Payment): Promise<void> {
    return this.calls.make(tx, payment, {
      orders: (effects) => this.orders.confirm(payment, effects),
    });
  }

  declined(tx: Tx, payment: Payment): Promise<void> {
    return this.calls.refuse(tx, payment, new CardDeclined(payment.reason), {
      orders: (effects) => this.orders.decline(payment, effects),
    });
  }

  async refunded(): Promise<void> {
    // Nobody in the shop waits for it.
  }
}
