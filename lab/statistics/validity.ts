import type { Block } from '../model/run-result.js';

/** Below this share of its plan a block has measured another load than its partner (lab.md §4.4). */
export const LEAST_ACHIEVED = 0.99;

/** Whether a block counts; `because` is one sentence for the reader. The generator's own delay is not judged. */
export function validity(plannedRate: number, achievedRate: number): { valid: boolean; because?: string } {
  if (plannedRate <= 0) return { valid: false, because: 'Nothing was planned in this block: give it a rate above 0.' };
  const share = achievedRate / plannedRate;
  // A schedule of whole orders misses its rate by the last digits of a fraction.
  if (share >= LEAST_ACHIEVED - 1e-9) return { valid: true };
  const percent = Math.floor(share * 1000) / 10;
  return {
    valid: false,
    because: `Only ${percent} % of the planned ${plannedRate} orders/s were sent: give the lab a lower --rate.`,
  };
}

export interface LittlesLaw {
  /** Orders in flight, counted at instants over the load. */
  inFlight: number;
  /** Rate × mean latency. */
  expected: number;
  /** (inFlight − expected) / expected: far from 0 when the load had not settled, or when the latencies are not true. */
  residual: number;
}

const INSTANTS = 400;

/**
 * Little's law on the acknowledgements of a block (lab.md §4.10): the orders counted in flight over the load against
 * rate × mean latency. @returns undefined of a block without orders or without duration
 */
export function littlesLaw({ points }: Pick<Block, 'points'>): LittlesLaw | undefined {
  const lastMs = points.reduce((most, [atMs]) => Math.max(most, atMs), 0);
  if (points.length < 2 || lastMs === 0) return undefined;
  let counted = 0;
  for (let i = 0; i < INSTANTS; i++) {
    const now = ((i + 0.5) / INSTANTS) * lastMs;
    for (const [atMs, ackMs] of points) if (atMs <= now && now < atMs + ackMs) counted++;
  }
  const inFlight = counted / INSTANTS;
  const expected = points.reduce((sum, [, ackMs]) => sum + ackMs, 0) / lastMs;
  return { inFlight, expected, residual: expected === 0 ? 0 : (inFlight - expected) / expected };
}
