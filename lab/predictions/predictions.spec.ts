import fc from 'fast-check';
import { Problem } from '../../local/problem.js';
import { sampleRun } from '../report/sample/sample-run.js';
import { mineText } from '../report/print-mine.js';
import * as formulas from './formulas.js';
import { mine, refusesFromMs } from './mine.js';
import { readMine, type Mine } from './read-mine.js';
import { shopNumbers } from './shop-numbers.js';

const MINE: Mine = { rate: 20, billingMs: 300, availability: 0.995, outageS: 1800 };

describe('the formulas', () => {
  it('give the capacities that the queue model was published with', () => {
    // lab.md §2.1: a pool of 10, 5 ms of own work.
    for (const [delay, perSecond] of [
      [5, 1000],
      [50, 182],
      [200, 48.8],
      [500, 19.8],
      [2000, 5],
    ] as const)
      // prettier-ignore
      expect(formulas.syncCapacity(10, delay + 5)).toBeCloseTo(perSecond, perSecond > 100 ? 0 : 1);
  });

  it('give the availabilities, slow shares, backlogs and drains that lab.md names', () => {
    expect(formulas.allAnswer([0.01, 0.01, 0.01, 0.01])).toBeCloseTo(0.9606, 4);
    expect(formulas.slowShare(6, 0.01)).toBeCloseTo(0.0585, 3);
    expect(formulas.backlog(50, 30)).toBe(1500);
    expect(formulas.drainS(1500, 200, 50)).toBe(10);
    expect(formulas.drainS(1500, 50, 50)).toBe(Infinity);
  });

  it('agree with a queue that is counted order by order', () => {
    // lab.md §2.1, D = 500 ms, 50/s for 30 s, patience 2 s: 639 of 1500 within the limit.
    const share = formulas.syncAcceptedShare(50, formulas.syncCapacity(10, 505), 30, 2000);
    expect(share * 1500).toBeGreaterThan(600);
    expect(share * 1500).toBeLessThan(690);
  });

  it('accept everything below the capacity, and never more than everything', () => {
    const number = fc.double({ min: 0.1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 600 }), (rate, capacity, seconds) => {
        const share = formulas.syncAcceptedShare(rate, capacity, seconds, 5000);
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-12);
        if (rate <= capacity) expect(share).toBe(1);
      }),
    );
  });

  it('let reads be stale until the effects begin to arrive, then ever less', () => {
    expect(formulas.staleShare(0, 50, 90)).toBe(1);
    expect(formulas.staleShare(50, 50, 90)).toBeCloseTo(0.5, 6);
    expect(formulas.staleShare(90, 50, 90)).toBeCloseTo(0.05, 6);
  });
});

describe("the reader's own numbers", () => {
  it('are read in any order', () => {
    expect(readMine('rate=20,billing=300ms,availability=99.5%,outage=30m')).toEqual(MINE);
    expect(readMine('outage=0s, availability=100%, rate=0.5, billing=2s')).toEqual({
      rate: 0.5,
      billingMs: 2000,
      availability: 1,
      outageS: 0,
    });
  });

  it.each([
    ['', '"" is none of rate, billing, availability, outage'],
    ['rate=0,billing=1s,availability=99%,outage=1m', 'rate=0 is no number of orders per second above 0'],
    ['rate=20,billing=300,availability=99%,outage=1m', 'billing=300 is no duration of up to 30d'],
    ['rate=20,billing=1s,availability=101%,outage=1m', 'availability=101% is no percentage'],
    ['rate=20,billing=1s,availability=99%', 'outage is missing'],
    ['rate=20', 'billing and availability and outage are missing'],
    ['rate=20,rate=21,billing=1s,availability=99%,outage=1m', 'rate is given twice'],
    ['speed=20', '"speed=20" is none of'],
    ['rate=NaN,billing=1s,availability=99%,outage=1m', 'rate=NaN is no number'],
  ])('are refused with one sentence that shows how to write them: %s', (text, reason) => {
    expect(() => readMine(text)).toThrow(Problem);
    expect(() => readMine(text)).toThrow(reason);
    expect(() => readMine(text)).toThrow(/; write for example --mine rate=20.*\.$/);
  });

  it('lead to sync where it keeps up and hardly refuses', () => {
    const { choice, rule } = mine({ ...MINE, availability: 0.9995, outageS: 60 });
    expect(choice).toBe('sync-hardened');
    expect(rule).toContain('it keeps up (20 of 30 orders/s');
  });

  it('lead to events without a broker where billing fails too often, and to Kafka where one process is too little', () => {
    expect(mine(MINE).choice).toBe('async-local');
    expect(mine({ ...MINE, rate: 500 }).choice).toBe('async');
  });

  it('never lead to sync beyond the delay at which it starts to refuse', () => {
    const shop = shopNumbers(undefined);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 20_000 }), (rate, billingMs) => {
        const numbers = { rate, billingMs, availability: 1, outageS: 0 };
        if (billingMs >= refusesFromMs(numbers, shop)) expect(mine(numbers).choice).not.toBe('sync-hardened');
      }),
    );
  });

  it('are answered in 80 columns, marked as prediction, beside what a run measured', () => {
    const run = sampleRun();
    const text = mineText(MINE, run);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^PREDICTION for your numbers: formulas, not measurements\./);
    expect(text).toContain('predicted: 36,000 orders\n    measured: 120 orders (S4, 6 s at 20/s)');
    expect(text).toContain('Choose async-local: ');
    expect(mineText(MINE)).toContain('no run was given');
  });
});
