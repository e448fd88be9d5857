/** What was waited for in vain counts as at least this long: a lost order is the slowest, not a missing number. */
export interface Quantile {
  /** In the unit of the values; the limit where `atLeast`. */
  value: number;
  /** The quantile lies among those that never came: the truth is the limit or more. */
  atLeast: boolean;
}

/**
 * The smallest observed value that at least a share `q` of all values does not exceed (nearest rank, so that a
 * time-out is never averaged with an answer). `null` = never: stays in the data as `limit` or more (lab.md §4.8).
 * @returns undefined of no values
 */
export function quantile(values: readonly (number | null)[], q: number, limit: number): Quantile | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.map((value) => (value === null ? Infinity : value)).sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(q * sorted.length - 1e-9)));
  const found = sorted[rank - 1]!;
  return found === Infinity ? { value: limit, atLeast: true } : { value: found, atLeast: false };
}

/** The empirical distribution: for each of `at` the share of all values, also of those that never came, up to it. */
export function shareUpTo(values: readonly (number | null)[], at: readonly number[]): [number, number][] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  let count = 0;
  return [...at]
    .sort((a, b) => a - b)
    .map((limit) => {
      while (count < sorted.length && sorted[count]! <= limit) count++;
      return [limit, values.length === 0 ? 0 : count / values.length];
    });
}
