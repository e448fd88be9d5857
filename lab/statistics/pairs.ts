import { METRICS, type Block, type MetricName } from '../model/run-result.js';
import type { ArmName } from '../model/arm.js';

/** The half of what can just be told apart, by unit: it stands for a zero, of which no ratio exists. */
const HALF_A_STEP: Record<string, (block: Block) => number> = {
  ms: () => 0.5,
  s: () => 0.05,
  share: (block) => 0.5 / Math.max(1, block.points.length),
};
const HALF_OF_ONE = 0.5;

/** @returns undefined where the block has not measured the metric */
export function metricOf(block: Block, metric: string): number | undefined {
  const value = block.metrics[metric];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

function positive(block: Block, metric: string, value: number): number {
  if (value > 0) return value;
  const unit = metric in METRICS ? METRICS[metric as MetricName].unit : '';
  return HALF_A_STEP[unit]?.(block) ?? HALF_OF_ONE;
}

/** Blocks that ran under the same arrivals, one after the other: same scenario, same variant, same pair. */
export const pairKey = (block: Block): string => `${block.scenario}/${block.variant}/${block.pair}`;

/** ln(first / second); two zeros are equal, and one zero counts as half a step. */
export function logRatio(first: Block, second: Block, metric: string): number | undefined {
  const a = metricOf(first, metric);
  const b = metricOf(second, metric);
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return 0;
  return Math.log(positive(first, metric, a) / positive(second, metric, b));
}

/** One log ratio arm / against for each pair in which both blocks are valid and have the metric. */
export function pairedLogRatios(blocks: readonly Block[], metric: string, arm: ArmName, against: ArmName): number[] {
  const partners = new Map(blocks.filter((b) => b.valid && b.arm === against).map((b) => [pairKey(b), b]));
  return blocks.flatMap((block) => {
    const partner = block.valid && block.arm === arm ? partners.get(pairKey(block)) : undefined;
    const ratio = partner && logRatio(block, partner, metric);
    return ratio === undefined ? [] : [ratio];
  });
}
