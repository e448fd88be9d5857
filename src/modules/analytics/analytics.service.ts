import { Injectable } from '@nestjs/common';
import type { PlacedOrder, RegisteredUser } from '../../contracts/index.js';
import { insertOnce } from '../../database/effect-row.js';
import type { Effects } from '../../messaging/index.js';
import { Registration } from './registration.entity.js';
import type { Sale } from './sale.entity.js';

/** Keeps the figures: a read model that can be rebuilt from the topics. */
@Injectable()
export class AnalyticsService {
  async count(user: RegisteredUser, effects: Effects): Promise<void> {
    const { userId, registeredAt } = user;
    const row = { userId, registeredAt: new Date(registeredAt) };
    await effects.once((tx) => insertOnce(tx, Registration, row, 'user_id'));
  }

  /** Notes what became of an order. In `sync` the call that confirms comes before the one that places. */
  async note(status: Sale['status'], order: PlacedOrder, effects: Effects): Promise<void> {
    await effects.once((tx) =>
      tx.query(
        `INSERT INTO sales AS s (order_id, user_id, total, currency, status, sequence, placed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, sequence = excluded.sequence,
           changed_at = clock_timestamp() WHERE s.sequence < excluded.sequence`,
        [order.orderId, order.userId, order.total, order.currency, status, order.sequence, order.placedAt],
      ),
    );
  }
}
