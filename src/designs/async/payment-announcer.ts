import { Injectable } from '@nestjs/common';
import { PaymentCaptured, PaymentDeclined, PaymentRefunded, type Payment } from '../../contracts/index.js';
import { Outbox, type Tx } from '../../messaging/index.js';
import { PaymentAnnouncer } from '../../modules/billing/index.js';

@Injectable()
export class AsyncPaymentAnnouncer extends PaymentAnnouncer {
  constructor(private readonly outbox: Outbox) {
    super();
  }

  captured(tx: Tx, payment: Payment): Promise<void> {
    return this.outbox.add(tx, PaymentCaptured, payment);
  }

  declined(tx: Tx, payment: Payment): Promise<void> {
    return this.outbox.add(tx, PaymentDeclined, payment);
  }

  refunded(tx: Tx, payment: Payment): Promise<void> {
    return this.outbox.add(tx, PaymentRefunded, payment);
  }
}
