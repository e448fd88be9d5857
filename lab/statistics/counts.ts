/** `some` of `of`. */
export interface Count {
  some: number;
  of: number;
}

const Z95 = 1.96;

/** Rule of three: what was seen 0 times in n may still be a share of up to 3/n (95 %). */
export const atMost = (n: number): number => (n <= 0 ? 1 : Math.min(1, 3 / n));

/** Wilson's 95 % interval of a share; unlike p ± 1.96·√(pq/n) it is right at 0 and at 1 too. */
export function shareInterval({ some, of }: Count): { low: number; high: number } {
  if (of <= 0) return { low: 0, high: 1 };
  const p = some / of;
  const spread = (Z95 * Z95) / of;
  const half = Z95 * Math.sqrt((p * (1 - p)) / of + spread / (4 * of));
  const low = (p + spread / 2 - half) / (1 + spread);
  const high = (p + spread / 2 + half) / (1 + spread);
  return { low: Math.max(0, low), high: Math.min(1, high) };
}

/**
 * The 95 % interval of the difference of two shares, first − second (Newcombe 1998, method 10: from two Wilson
 * intervals). Orders of one block are not independent of each other, so this is for shares far apart: all against few.
 */
export function differenceOfShares(first: Count, second: Count): { low: number; high: number } {
  const [p, q] = [first.some / Math.max(1, first.of), second.some / Math.max(1, second.of)];
  const [a, b] = [shareInterval(first), shareInterval(second)];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}

/**
 * How likely so many of `of`, or a number further from the expected one on the same side, are by chance alone. Exact: where
 * few are expected, standard deviations say too little of the tail.
 */
export function chanceOf(count: number, of: number, probability: number): number {
  const upTo = (last: number): number => {
    let sum = 0;
    for (let k = 0, choose = 0; k <= last; k++) {
      if (k > 0) choose += Math.log((of - k + 1) / k);
      const log = choose + (k && k * Math.log(probability)) + (of - k && (of - k) * Math.log(1 - probability));
      sum += Math.exp(log);
    }
    return sum;
  };
  return count <= of * probability ? upTo(count) : 1 - upTo(count - 1);
}
