import { Settlement } from '../../src/messaging/index.js';
import type { TestShop } from './shop.js';
import { until } from './until.js';

/**
 * Waits until the events of a topic, or all, were brought to their subscribers, also to those that could not take them:
 * what failed is parked, or passed over. Follow-ups of a delivery that succeeded may still be on their way.
 */
export function everythingTried(shop: TestShop, topic?: string): Promise<void> {
  const settlement = shop.shop.app.get(Settlement);
  return until('every delivery to have been tried', async () => {
    const behind = (await settlement.lags()).filter((one) => one.lag > 0 && (!topic || one.topic === topic));
    const waiting = await shop.rows(`SELECT 1 FROM outbox WHERE topic = $1 OR $1 IS NULL`, [topic ?? null]);
    return behind.length === 0 && waiting.length === 0;
  });
}
