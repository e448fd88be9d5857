import { planOrders, type Arrivals } from './arrivals.js';

const about: Arrivals = {
  seed: 7,
  pair: 'S0 0',
  block: 'S0.sync.1',
  stretches: [{ rate: 50, seconds: 10 }],
  spacing: 'poisson',
  users: 20,
};

describe('the schedule of a block', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOrders(about)).toEqual(planOrders(about));
    expect(planOrders(about)).not.toEqual(planOrders({ ...about, seed: 8 }));
  });

  it('asks every arm of a pair at the same times, for the same users and amounts, under ids of its own', () => {
    const [one, other] = [planOrders(about), planOrders({ ...about, block: 'S0.async.1' })];
    const load = (orders: typeof one) => orders.map(({ atMs, user, total }) => ({ atMs, user, total }));
    expect(load(one)).toEqual(load(other));
    const ids = [...one, ...other].flatMap(({ id, idem }) => [id, idem]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has as many orders as its rate says, within its time, in their order', () => {
    for (const spacing of ['constant', 'poisson'] as const) {
      const times = planOrders({ ...about, spacing }).map(({ atMs }) => atMs);
      expect(times).toHaveLength(500);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(0);
      expect(times.at(-1)).toBeLessThanOrEqual(10_000);
    }
  });

  it('leaves gaps as independent customers do: about 37 % of them longer than the mean', () => {
    const times = planOrders({ ...about, stretches: [{ rate: 500, seconds: 20 }] }).map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((atMs, index) => atMs - times[index]!);
    const longer = gaps.filter((gap) => gap > 2).length / gaps.length;
    expect(longer).toBeGreaterThan(0.34);
    expect(longer).toBeLessThan(0.4);
  });

  it('has a burst where a stretch is denser', () => {
    const stretches = [{ rate: 10, seconds: 2 }, { rate: 100, seconds: 1 }, { rate: 10, seconds: 2 }]; // prettier-ignore
    const times = planOrders({ ...about, stretches }).map(({ atMs }) => atMs);
    expect(times.filter((atMs) => atMs >= 2000 && atMs < 3000)).toHaveLength(100);
    expect(times).toHaveLength(140);
  });

  it('never asks for the amount that the payment stand-in declines', () => {
    expect(planOrders(about).map(({ total }) => total)).not.toContain(402);
  });
});
