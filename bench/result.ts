/** One thing that was measured beside its limit, in the same rounds. */
export interface Comparison {
  what: string;
  unit: string;
  limit: string;
  rounds: { measured: number; limit: number }[];
  /** What the ratio measured / limit has to be. */
  target?: { atLeast: number } | { atMost: number };
}

/** One thing that is shown; with a limit where one was set for the figure itself. */
export interface Figure {
  what: string;
  unit: string;
  rounds: number[];
  target?: { atMost: number };
}

export interface BenchResult {
  comparisons: Comparison[];
  figures: Figure[];
}

/** How often, how large, and where to say how far it is. */
export interface BenchSettings {
  rounds: number;
  /** A smoke test: a tenth of the work; its figures mean nothing. */
  quick: boolean;
  say: (sentence: string) => void;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which a share of the values lies, interpolated. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The ratio of each round: what both sides have in common in a round cancels out. */
export const ratios = ({ rounds }: Comparison): number[] => rounds.map(({ measured, limit }) => measured / limit);

/** Undefined where no target was set. */
export function reached(target: { atLeast: number } | { atMost: number } | undefined, value: number) {
  if (!target) return undefined;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}
