import type { PlacedOrder } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';

/** What users start. */
export abstract class OrderAnnouncer {
  abstract placed(tx: Tx, order: PlacedOrder): Promise<void>;
  abstract cancelled(tx: Tx, order: PlacedOrder): Promise<void>;
}
