import fc from 'fast-check';
import { blockOf } from '../report/sample/block.js';
import { bootstrapMean } from './bootstrap.js';
import { compare } from './compare.js';
import { atMost, chanceOf, differenceOfShares, shareInterval } from './counts.js';
import { noiseFloor } from './noise-floor.js';
import { quantile, shareUpTo } from './quantile.js';
import { littlesLaw, validity } from './validity.js';

const seed = 7;
const latency = fc.double({ min: 0.5, max: 5000, noNaN: true });
const pairsOf = (values: [number, number][], metric = 'ackP95Ms') =>
  values.flatMap(([first, second], pair) => [
    blockOf({ scenario: 'S0', arm: 'async', pair, metrics: { [metric]: first } }),
    blockOf({ scenario: 'S0', arm: 'sync-hardened', pair, metrics: { [metric]: second } }),
  ]);
const compared = (values: [number, number][], metric?: string) =>
  compare(pairsOf(values, metric), metric ?? 'ackP95Ms', 'async', 'sync-hardened', { seed });

/** Standard normal numbers from a seed, by Box and Muller. */
function normals(count: number, from: number): number[] {
  let state = from;
  const next = () => ((state = (state * 1103515245 + 12345) % 2147483648) + 0.5) / 2147483648;
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()));
}

describe('quantiles', () => {
  it('keep what never came, as the limit or more', () => {
    expect(quantile([1, null, 3, 2], 0.5, 10_000)).toEqual({ value: 2, atLeast: false });
    expect(quantile([1, null, 3, 2], 0.95, 10_000)).toEqual({ value: 10_000, atLeast: true });
    expect(quantile([], 0.5, 10_000)).toBeUndefined();
  });

  it('are always one of the observed values, and rise with q', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const { value } = quantile(values, q, Infinity)!;
        expect(values).toContain(value);
        expect(value).toBeLessThanOrEqual(quantile(values, 1, Infinity)!.value);
        expect(values.filter((v) => v <= value).length).toBeGreaterThanOrEqual(q * values.length - 1e-6);
      }),
    );
  });

  it('and the share up to a time counts those that never came in its n', () => {
    expect(shareUpTo([5, null, 20, 30], [10, 30, 40])).toEqual([[10, 0.25], [30, 0.75], [40, 0.75]]); // prettier-ignore
  });
});

describe('two arms over pairs', () => {
  it('are mirrored when they are exchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, latency), { minLength: 2, maxLength: 10 }), (values) => {
        const there = compared(values);
        const back = compared(values.map(([first, second]) => [second, first]));
        expect(back.ratio).toBeCloseTo(1 / there.ratio, 9);
        expect(back.pairs).toBe(there.pairs);
        // The same seed draws the same pairs.
        expect(back.low * there.high).toBeCloseTo(1, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('that are equal differ by a factor of 1, and by nothing measurable', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 2, maxLength: 8 }), (values) => {
        const { ratio, low, high, verdict } = compared(values.map((value) => [value, value]));
        expect([ratio, low, high, verdict]).toEqual([1, 1, 1, 'no measurable difference']);
      }),
      { numRuns: 30 },
    );
  });

  it('have an interval that holds the truth in about 95 of 100 cases, also with three pairs', () => {
    for (const pairs of [3, 6, 10]) {
      const draws = 300;
      const noise = normals(draws * pairs, pairs);
      const held = Array.from({ length: draws }, (_, i) => noise.slice(i * pairs, (i + 1) * pairs)).filter((values) => {
        const { low, high } = bootstrapMean(values, seed)!;
        return low <= 0 && high >= 0;
      }).length;
      expect(held / draws).toBeGreaterThan(0.9);
      expect(held / draws).toBeLessThan(0.995);
    }
  });

  it('say "unknown" with one pair, and leave out a pair with a block that is not valid', () => {
    expect(compared([[1, 2]])).toMatchObject({ pairs: 1, ratio: 0.5, verdict: 'unknown' });
    const blocks = pairsOf([[1, 2], [1, 2], [1, 2]]); // prettier-ignore
    blocks[0]!.valid = false;
    expect(compare(blocks, 'ackP95Ms', 'async', 'sync-hardened', { seed }).pairs).toBe(2);
  });

  it('know for each metric whether less of it is better', () => {
    const pairs: [number, number][] = [[0.2, 0.9], [0.21, 0.91], [0.19, 0.92]]; // prettier-ignore
    expect(compared(pairs).verdict).toBe('arm better');
    expect(compared(pairs, 'acceptedShare').verdict).toBe('against better');
  });

  it('have a ratio where one accepted nothing at all', () => {
    const { ratio, verdict } = compared([[1, 0], [1, 0], [0.99, 0]], 'acceptedShare'); // prettier-ignore
    expect(ratio).toBeGreaterThan(1);
    expect(Number.isFinite(ratio)).toBe(true);
    expect(verdict).toBe('arm better');
  });
});

describe('the noise floor', () => {
  const twice = (values: [number, number][]) =>
    values.flatMap(([a, again], pair) => [
      blockOf({ scenario: 'AA', arm: 'async', pair, variant: 'A', metrics: { ackP95Ms: a } }),
      blockOf({ scenario: 'AA', arm: 'async', pair, variant: "A'", metrics: { ackP95Ms: again } }),
    ]);

  it('is 1 where a design came out equal to itself', () => {
    expect(noiseFloor(twice([[5, 5], [7, 7]]), seed).ackP95Ms).toEqual({ low: 1, high: 1, pairs: 2 }); // prettier-ignore
  });

  it('is as wide downwards as upwards', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, latency), { minLength: 1, maxLength: 6 }), (values) => {
        const { low, high } = noiseFloor(twice(values), seed).ackP95Ms!;
        expect(low * high).toBeCloseTo(1, 6);
        expect(high).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });

  it('swallows a difference that lies inside it', () => {
    const pairs = pairsOf([[11, 10], [11.1, 10], [11.05, 10]]); // prettier-ignore
    const against = (floor: ReturnType<typeof noiseFloor>) =>
      compare(pairs, 'ackP95Ms', 'async', 'sync-hardened', { seed, floor }).verdict;
    expect(against({})).toBe('against better');
    expect(against({ ackP95Ms: { low: 0.8, high: 1.25, pairs: 1 } })).toBe('no measurable difference');
  });
});

describe('counts', () => {
  it('follow the rule of three at zero', () => {
    expect(atMost(3000)).toBe(0.001);
    expect(atMost(0)).toBe(1);
    fc.assert(fc.property(fc.integer({ min: 10, max: 10_000 }), (of) => shareInterval({ some: 0, of }).high <= 4 / of));
  });

  it('have a difference that is mirrored when they are exchanged, and holds 0 where they are equal', () => {
    const count = fc.integer({ min: 1, max: 500 }).chain((of) => fc.integer({ min: 0, max: of }).map((some) => ({ some, of }))); // prettier-ignore
    fc.assert(
      fc.property(count, count, (first, second) => {
        const there = differenceOfShares(first, second);
        const back = differenceOfShares(second, first);
        expect(there.low).toBeCloseTo(-back.high, 9);
        const same = differenceOfShares(first, first);
        expect(same.low).toBeLessThanOrEqual(0);
        expect(same.high).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the chance of a count', () => {
  it.each([
    [0, 2, 0.5, 0.25],
    [2, 2, 0.5, 0.25],
    [3, 10, 0.1, 0.0702],
    [5, 160, 0.005, 0.00135],
    [0, 160, 0, 1],
    [1, 160, 0, 0],
    [159, 160, 1, 0],
  ])('%d of %d at %d is %d', (count, of, probability, chance) => {
    expect(chanceOf(count, of, probability)).toBeCloseTo(chance, 4);
  });
});

describe('a block', () => {
  it('counts from 99 % of its planned rate on', () => {
    expect(validity(20, 19.8)).toEqual({ valid: true });
    expect(validity(20, 19.7)).toEqual({
      valid: false,
      because: 'Only 98.5 % of the planned 20 orders/s were sent: give the lab a lower --rate.',
    });
    expect(validity(0, 0).valid).toBe(false);
  });

  it('keeps Little’s law when its latencies are true, and shows when they are not', () => {
    const steady = blockOf({ points: Array.from({ length: 600 }, (_, i) => [i * 50, 120, 300, 'ok']) });
    expect(Math.abs(littlesLaw(steady)!.residual)).toBeLessThan(0.03);
    const stalled = blockOf({ points: Array.from({ length: 60 }, (_, i) => [i * 50, 30_000, null, 'info']) });
    expect(littlesLaw(stalled)!.residual).toBeLessThan(-0.3);
  });
});
