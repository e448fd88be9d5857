import { Draws } from './random.js';

/** One order of a block, fixed before the block begins. */
export interface PlannedOrder {
  /** Milliseconds from the start of the load. */
  atMs: number;
  id: string;
  /** The Idempotency-Key. */
  idem: string;
  /** Which of the registered users orders, counted from 0. */
  user: number;
  /** Minor units. */
  total: number;
}

export type Spacing = 'constant' | 'poisson';

export interface Stretch {
  /** Orders a second. */
  rate: number;
  seconds: number;
}

export interface Arrivals {
  seed: number;
  /** Pairs of blocks that share this name meet the same arrivals, users and amounts. */
  pair: string;
  /** Ids are unique in a run: the ledgers of the outside world are shared by all blocks. */
  block: string;
  /** One after the other: a burst is a stretch of its own. */
  stretches: readonly Stretch[];
  spacing: Spacing;
  users: number;
}

/**
 * The whole schedule of a block. It is open: no order waits for the answer to another, so a shop that stands still is
 * asked as often as one that does not.
 */
export function planOrders({ seed, pair, block, stretches, spacing, users }: Arrivals): PlannedOrder[] {
  const draws = new Draws(seed, `arrivals ${pair}`);
  const ids = new Draws(seed, `ids ${block}`);
  const times: number[] = [];
  let from = 0;
  for (const { rate, seconds } of stretches) {
    const count = Math.round(rate * seconds);
    times.push(...momentsOf(spacing, count, seconds * 1000, draws).map((at) => from + at));
    from += seconds * 1000;
  }
  return times.map((atMs) => {
    const [user, total] = [draws.whole(0, users - 1), draws.whole(1000, 9000)];
    return { atMs, id: ids.uuid(), idem: `key-${ids.uuid()}`, user, total };
  });
}

/** Given their number, the moments of a Poisson process are independent and spread evenly: so every pair has as many. */
function momentsOf(spacing: Spacing, count: number, lengthMs: number, draws: Draws): number[] {
  if (spacing === 'constant') return Array.from({ length: count }, (_, index) => (index * lengthMs) / count);
  return Array.from({ length: count }, () => draws.share() * lengthMs).sort((a, b) => a - b);
}
