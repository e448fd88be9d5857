import { Injectable } from '@nestjs/common';
import type { PlacedOrder } from '../../contracts/index.js';
import type { Tx } from '../../messaging/index.js';
import { CacheService } from '../../modules/cache/index.js';
import { OrderFulfilmentAnnouncer } from '../../modules/orders/index.js';
import { Calls } from './calls.js';

@Injectable()
export class SyncOrderFulfilmentAnnouncer extends OrderFulfilmentAnnouncer {
  constructor(
    private readonly calls: Calls,
    private readonly cache: CacheService,
  ) {
    super();
  }

  shipped(tx: Tx, order: PlacedOrder): Promise<void> {
    return this.calls.make(tx, order, {
      cache: (effects) => this.cache.orderChanged(order, effects),
    });
  }
}
