import { mean } from 'simple-statistics';
import type { ArmName } from '../model/arm.js';
import { METRICS, type Block, type Comparison, type MetricName } from '../model/run-result.js';
import { bootstrapMean } from './bootstrap.js';
import type { Floor } from './noise-floor.js';
import { pairedLogRatios } from './pairs.js';

interface Ground {
  seed: number;
  floor?: Floor;
  /** Compares the blocks of this variant only. */
  variant?: string;
}

type Verdict = Comparison['verdict'];

const lessIsBetter = (metric: string): boolean =>
  !(metric in METRICS) || METRICS[metric as MetricName].better === 'less';

/** A ratio whose interval holds 1, or which two runs of one and the same design differ by as well, is no difference. */
function judge(metric: string, ratio: number, low: number, high: number, floor: Floor): Verdict {
  const noise = floor[metric];
  const withinNoise = noise !== undefined && ratio >= noise.low && ratio <= noise.high;
  if ((low <= 1 && high >= 1) || withinNoise) return 'no measurable difference';
  return ratio < 1 === lessIsBetter(metric) ? 'arm better' : 'against better';
}

/**
 * Two arms on one metric over their pairs: the geometric mean of the ratios arm / against with its 95 % interval
 * (paired bootstrap of the log ratios). Fewer than two pairs have no interval: the ratio is given, the verdict is
 * `unknown`. Blocks that are not valid do not count.
 */
export function compare(
  blocks: readonly Block[],
  metric: string,
  arm: ArmName,
  against: ArmName,
  { seed, floor = {}, variant }: Ground,
): Comparison {
  const chosen = variant === undefined ? blocks : blocks.filter((block) => block.variant === variant);
  const ratios = pairedLogRatios(chosen, metric, arm, against);
  const about = { metric, arm, against, variant: variant ?? '', pairs: ratios.length };
  const ratio = ratios.length === 0 ? 1 : Math.exp(mean(ratios));
  const interval = bootstrapMean(ratios, seed);
  if (!interval) return { ...about, ratio, low: ratio, high: ratio, verdict: 'unknown' };
  const low = Math.exp(interval.low);
  const high = Math.exp(interval.high);
  return { ...about, ratio, low, high, verdict: judge(metric, ratio, low, high, floor) };
}
