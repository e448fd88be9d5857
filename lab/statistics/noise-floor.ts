import { mean } from 'simple-statistics';
import { METRICS, type Block, type RunResult } from '../model/run-result.js';
import { bootstrapMean } from './bootstrap.js';
import { logRatio } from './pairs.js';

export type Floor = RunResult['floor'];

/** What the two halves of an A/A pair are called in `variant`. */
export const A = 'A';
export const A_AGAIN = "A'";

const sameShop = (block: Block) => `${block.scenario}/${block.arm}/${block.pair}`;

/** ln(A' / A) of one metric for each A/A pair whose blocks are both valid. */
function logRatiosOfEquals(blocks: readonly Block[], metric: string): number[] {
  const first = new Map(blocks.filter((b) => b.valid && b.variant === A).map((b) => [sameShop(b), b]));
  return blocks.flatMap((block) => {
    const partner = block.valid && block.variant === A_AGAIN ? first.get(sameShop(block)) : undefined;
    const ratio = partner && logRatio(block, partner, metric);
    return ratio === undefined ? [] : [ratio];
  });
}

/**
 * By metric, how far apart one design came from itself (lab.md §4.7). Symmetric around 1, because which half was
 * called A is chance. One pair gives no interval: then its own distance is the floor, and `pairs` says that it is rough.
 */
export function noiseFloor(blocks: readonly Block[], seed: number): Floor {
  const floor: Floor = {};
  for (const metric of Object.keys(METRICS)) {
    const ratios = logRatiosOfEquals(blocks, metric);
    if (ratios.length === 0) continue;
    const interval = bootstrapMean(ratios, seed) ?? { low: mean(ratios), high: mean(ratios) };
    const half = Math.max(Math.abs(interval.low), Math.abs(interval.high));
    floor[metric] = { low: Math.exp(-half), high: Math.exp(half), pairs: ratios.length };
  }
  return floor;
}
