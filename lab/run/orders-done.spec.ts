import type { Invoke, Outcome } from '../model/history.js';
import { metricsOf, pointsOf, purchasesOf, secondsOf, type Purchase } from './orders-done.js';

const LOAD = 1_000_000;
const ask = (seq: number, key: string, intendedMs: number): Invoke => ({
  block: 'b', seq, f: 'place', key, type: 'invoke', intendedMs, sentMs: intendedMs + 3,
}); // prettier-ignore
const hear = (seq: number, key: string, type: Outcome['type'], doneMs: number, code?: string): Outcome => ({
  block: 'b', seq, f: 'place', key, type, doneMs, code,
}); // prettier-ignore
const noEffects = () => ({ effectsMs: null, exact: false });

const purchase = (about: Partial<Purchase>): Purchase => ({
  orderId: 'o',
  intendedMs: LOAD,
  doneMs: LOAD + 10,
  outcome: 'ok',
  effectsMs: LOAD + 50,
  exact: true,
  ...about,
});

describe('a purchase', () => {
  it('counts from the intended time, and a warm-up does not count', () => {
    const invokes = [ask(1, 'warm', LOAD - 500), ask(2, 'a', LOAD + 100)];
    const outcomes = [hear(1, 'warm', 'ok', LOAD - 400), hear(2, 'a', 'ok', LOAD + 150)];
    const [only, ...others] = purchasesOf(invokes, outcomes, LOAD, noEffects);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ orderId: 'a', intendedMs: LOAD + 100, doneMs: LOAD + 150, outcome: 'ok' });
  });

  it('of a customer who asked again lasts from the first question to the first yes', () => {
    const invokes = [ask(1, 'a', LOAD), ask(2, 'a', LOAD + 1000), ask(3, 'a', LOAD + 2000)];
    const outcomes = [
      hear(1, 'a', 'info', LOAD + 900, 'timeout'),
      hear(2, 'a', 'ok', LOAD + 1100),
      hear(3, 'a', 'ok', LOAD + 2050),
    ];
    expect(purchasesOf(invokes, outcomes, LOAD, noEffects)).toMatchObject([
      { intendedMs: LOAD, doneMs: LOAD + 1100, outcome: 'ok' },
    ]);
  });
});

describe('the numbers of a block', () => {
  it('keep who waited in vain among the slowest, and who was refused at once out of the latency', () => {
    const quick = Array.from({ length: 8 }, () => purchase({}));
    const late = purchase({ outcome: 'info', code: 'timeout', doneMs: LOAD + 5000 });
    const refused = purchase({ outcome: 'info', code: 'ECONNREFUSED', doneMs: LOAD + 1 });
    const metrics = metricsOf([...quick, late, refused], 5000);
    expect(metrics).toMatchObject({ ackP50Ms: 10, ackP95Ms: 5000, acceptedShare: 0.8, refused: 2, goodput: 0.8 });
  });

  it('show two clocks, and no p99 of few', () => {
    const metrics = metricsOf([purchase({}), purchase({ effectsMs: LOAD + 900 })], 5000);
    expect(metrics).toMatchObject({ ackP95Ms: 10, effectsP50Ms: 50, effectsP95Ms: 900, effectsMaxMs: 900 });
    expect(metrics).not.toHaveProperty('ackP99Ms');
  });

  it('count as good only what was done whole, once and in time', () => {
    const late = purchase({ effectsMs: LOAD + 10_001 });
    const twice = purchase({ exact: false });
    const missing = purchase({ effectsMs: null, exact: false });
    expect(metricsOf([purchase({}), late, twice, missing], 5000).goodput).toBe(0.25);
  });

  it('give each order as a point, and each second its backlog', () => {
    const waits = purchase({ intendedMs: LOAD + 200, doneMs: LOAD + 210, effectsMs: LOAD + 1500 });
    expect(pointsOf([waits], LOAD)).toEqual([[200, 10, 1300, 'ok']]);
    expect(secondsOf([waits], LOAD)).toMatchObject([
      { second: 0, placed: 1, accepted: 1, backlog: 1, oldestMs: 790 },
      { second: 1, placed: 0, backlog: 0 },
    ]);
  });
});
