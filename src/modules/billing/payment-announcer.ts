import type { Payment } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';

/** What the billing module has to say. */
export abstract class PaymentAnnouncer {
  abstract captured(tx: Tx, payment: Payment): Promise<void>;
  /** `sync`: refuses the request, and all of it is rolled back. Else: the order hears of it later. */
  abstract declined(tx: Tx, payment: Payment): Promise<void>;
  abstract refunded(tx: Tx, payment: Payment): Promise<void>;
}
