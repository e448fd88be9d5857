import type { PlacedOrder } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';

/** What shipping causes. */
export abstract class OrderFulfilmentAnnouncer {
  abstract shipped(tx: Tx, order: PlacedOrder): Promise<void>;
}
