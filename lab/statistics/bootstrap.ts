import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mean } from 'simple-statistics';

/** Two-sided 95 % quantiles of Student's t by degrees of freedom, from 1; above 30 the normal one is near enough. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const Z95 = 1.96;
const RESAMPLES = 4000;

export interface Interval {
  low: number;
  high: number;
}

/**
 * The 95 % interval of the mean of `values` by resampling them `RESAMPLES` times. A bootstrap of few values is too
 * narrow, because it divides by n and knows no t: its distances from the mean are widened by √(n/(n−1))·t/z
 * (Hesterberg, "What Teachers Should Know About the Bootstrap", 2015, §3.3). Without that, three pairs would be
 * called different three times as often as promised.
 * @returns undefined of fewer than two values: one value says nothing about the next
 */
export function bootstrapMean(values: readonly number[], seed: number): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const random = xoroshiro128plus(seed);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[uniformInt(random, 0, n - 1)]!;
    return sum / n;
  }).sort((a, b) => a - b);
  const centre = mean([...values]);
  const widen = (Math.sqrt(n / (n - 1)) * (T95[n - 2] ?? Z95)) / Z95;
  return {
    low: centre - (centre - means[Math.floor(0.025 * (RESAMPLES - 1))]!) * widen,
    high: centre + (means[Math.ceil(0.975 * (RESAMPLES - 1))]! - centre) * widen,
  };
}
