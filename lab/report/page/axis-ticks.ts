/** Ends and marks of an axis that can be read without a ruler. */
export interface Ticks {
  min: number;
  max: number;
  at: number[];
}

const STEPS = [1, 2, 5];
/** The marks of a decade, from many to few. */
const DECADES = [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 5], [1, 3], [1]];

/** As many marks around all values as fit, at round numbers of each power of ten. */
export function logTicks(values: readonly number[], most = 6): Ticks {
  const positive = values.filter((value) => value > 0);
  const min = Math.min(...positive) / 1.25;
  const max = Math.max(...positive) * 1.25;
  const powers = Array.from({ length: 16 }, (_, i) => 10 ** (i - 5));
  const marks = DECADES.map((steps) =>
    powers.flatMap((power) => steps.map((step) => step * power)).filter((mark) => mark >= min && mark <= max),
  );
  return { min, max, at: marks.find((at) => at.length <= most) ?? marks.at(-1)! };
}

/** From 0 to a little above the most, with a mark in the middle and one near the top. */
export function linearTicks(most: number): Ticks {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most) / 2));
  const step = [...STEPS, 10].map((one) => one * power).findLast((one) => 2 * one <= Math.max(2, most)) ?? 1;
  return { min: 0, max: Math.max(most * 1.18, 2 * step), at: [0, step, 2 * step] };
}

/** What echarts is told: these marks and no others. */
export const marksAt = ({ at }: Ticks) => ({ customValues: at });
