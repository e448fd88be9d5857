import { Injectable } from '@nestjs/common';
import type { Payment } from '../../contracts/index.js';
import type { Effects } from '../../messaging/index.js';
import { OrderPaymentAnnouncer } from './order-payment-announcer.js';
import { transition } from './order.transition.js';

/** What billing causes. A payment for an order that was cancelled meanwhile changes nothing. */
@Injectable()
export class OrderPaymentService {
  constructor(private readonly announcer: OrderPaymentAnnouncer) {}

  async confirm(payment: Payment, effects: Effects): Promise<void> {
    await effects.once(async (tx) => {
      const order = await transition(tx, payment.orderId, ['placed'], 'confirmed', 'confirmedAt');
      if (order) await this.announcer.confirmed(tx, order);
    });
  }

  async decline(payment: Payment, effects: Effects): Promise<void> {
    await effects.once(async (tx) => {
      const order = await transition(tx, payment.orderId, ['placed'], 'payment_declined', 'declinedAt');
      if (order) await this.announcer.paymentDeclined(tx, order);
    });
  }
}
