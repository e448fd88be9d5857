import { planOrders } from '../load/arrivals.js';
import type { BlockSpec } from './block-spec.js';
import { settle } from './judge-block.js';
import type { Live } from './live.js';

export const USERS = 20;
const WARM_UP = 40;
const SIDE_BY_SIDE = 4;
const SETTLE_MS = 60_000;

/** Users, and orders that do not count: code that has run a few times is compiled. */
export async function warmUp(live: Live, { users = USERS, warmUp: count = WARM_UP }: BlockSpec, seed: number) {
  const { customers, recorder } = live;
  await customers.register(users);
  if (count === 0) return;
  const orders = planOrders({
    seed,
    pair: 'warm-up',
    block: `${recorder.block} warm-up`,
    stretches: [{ rate: count, seconds: 1 }],
    spacing: 'constant',
    users,
  });
  const next = orders.values();
  const worker = async () => {
    for (const order of next) await customers.place(order);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  await settle(live, SETTLE_MS);
}
