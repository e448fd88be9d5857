import type { PlacedOrder } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';

/** What billing causes. */
export abstract class OrderPaymentAnnouncer {
  abstract confirmed(tx: Tx, order: PlacedOrder): Promise<void>;
  abstract paymentDeclined(tx: Tx, order: PlacedOrder): Promise<void>;
}
