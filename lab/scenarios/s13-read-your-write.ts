import { ARMS, callsDirectly } from '../model/arm.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import type { Visit } from '../load/drive.js';
import { allAccepted, asAllowed, middle, ms, prediction, runsOf, share, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';

const SECONDS = { quick: 6, standard: 10 };
/** After the answer, when the customer looks. */
const LOOKS_MS = [0, 10, 25, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000];
const FINAL = 'shipped';

const NEVER = 'Never stale: with the answer everything has happened.';
const ONCE = 'Stale for as long as the effects take, then never again; the order itself is always there.';

export const s13: Scenario = {
  id: 'S13',
  title: 'read your own write',
  question: 'For how long does a customer who looks at once see an order that is not done?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 40, standard: 68 },
  quick: true,

  blocks: ({ arms, rate, tier }) =>
    arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S13',
        arm,
        pair: 0,
        // Each order is looked at again and again: half the rate makes as many requests as elsewhere.
        stretches: [{ rate: Math.max(1, Math.round(rate / 2)), seconds: SECONDS[tier] }],
        visit: orderAndLook,
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const calls = callsDirectly(ARMS[name]);
      return [prediction(name, calls ? NEVER : ONCE, [allAccepted(own), stale(own, calls), asAllowed(own)])];
    }),
    curves: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      const stalenesses = staleOf(own);
      if (stalenesses.length === 0) return [];
      const points = LOOKS_MS.map((at): [number, number] => [at, stillStale(stalenesses, at)]);
      const about = { name: 'still stale', x: 'after the answer, ms', y: 'share of orders', kind: 'observed' as const };
      return [{ ...about, arm: name, points }];
    }),
  }),
};

/** Orders, and looks until all of it has happened. */
const orderAndLook =
  ({ customers, stopping }: Live): Visit =>
  async (order, intendedMs) => {
    const answer = await customers.place(order, intendedMs);
    if (answer?.status !== 201) return;
    const answeredAt = performance.now();
    for (const look of LOOKS_MS) {
      const waitMs = answeredAt + look - performance.now();
      if (waitMs > 0) await pause(waitMs, undefined, { signal: stopping });
      const seen = await customers.read(order);
      if (seen?.body.status === FINAL) return;
    }
  };

const staleOf = (runs: readonly Run[]): number[] =>
  runs.flatMap(({ judged }) => [...judged.perOrder.values()].flatMap(({ staleMs }) => staleMs ?? []));

/** The last stale look of an order was at this time or later. */
const stillStale = (stalenesses: readonly number[], at: number): number =>
  stalenesses.filter((staleMs) => staleMs > 0 && staleMs >= at).length / stalenesses.length;

function stale(runs: readonly Run[], calls: boolean): Finding {
  const stalenesses = staleOf(runs);
  const some = stalenesses.filter((staleMs) => staleMs > 0).length;
  if (stalenesses.length === 0) return { observed: 'nothing was read', came: undefined };
  const observed = `${some} of ${stalenesses.length} orders were stale (${share(some / stalenesses.length)}), p95 ${ms(middle(runs, 'staleP95Ms'))}`;
  return { observed, came: calls ? some === 0 : some > 0 };
}
