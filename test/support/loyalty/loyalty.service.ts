import { Injectable } from '@nestjs/common';
import type { PlacedOrder } from '../../../src/contracts/index.js';
import type { Effects } from '../../../src/messaging/index.js';
import { LoyaltyPoints } from './loyalty-points.entity.js';

@Injectable()
export class LoyaltyService {
  /** One point for each whole unit of money. */
  async reward(order: PlacedOrder, effects: Effects): Promise<void> {
    const { orderId, total } = order;
    const points = Math.floor(total / 100);
    await effects.once((tx) =>
      tx.createQueryBuilder().insert().into(LoyaltyPoints).values({ orderId, points }).orIgnore().execute(),
    );
  }
}
