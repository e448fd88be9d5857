import { callsDirectly } from '../model/arm.js';
import { killPostgres } from '../faults/postgres.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import { acceptedIn, asAllowed, countOf, none, placedIn, prediction, runsOf, share, type Finding } from './judging.js';
import { withoutTwin } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const BEFORE_S = 3;
const DOWN_S = 4;
const AFTER_S = 7;
const CALM_S = 3;

const SAYS =
  'Neither wins: whoever comes while the database is down is refused, in every design; what was accepted is kept, and all recover by themselves.';

export const db: Scenario = {
  id: 'DB',
  title: 'database down',
  question: 'Does any design do without its database?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 71, standard: 71 },
  quick: false,

  blocks: ({ arms, rate }) =>
    withoutTwin(arms).map((arm): [BlockSpec] => [
      {
        scenario: 'DB',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: BEFORE_S + DOWN_S + AFTER_S }],
        during: async (live) => {
          await live.at(BEFORE_S);
          await killPostgres(live, DOWN_S);
        },
        settleMs: 90_000,
        expectsFaults: 1,
        allowed: callsDirectly(arm) ? { ghost: 'any', lost: arm.name === 'sync-hardened' ? 'any' : 0 } : {},
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap((arm) => {
      const own = runsOf(runs, arm.name);
      if (own.length === 0) return [];
      const kept = arm.name === 'sync-hardened' ? lostWithIt(own) : none(own, 'lost', acceptedIn(own));
      return [prediction(arm.name, SAYS, [refused(own), recovered(own), kept, asAllowed(own)])];
    }),
  }),
};

function refused(runs: readonly Run[]): Finding {
  const seen = acceptedIn(runs) / Math.max(1, placedIn(runs));
  return { observed: `${share(seen)} accepted`, came: placedIn(runs) === 0 ? undefined : seen < 1 };
}

function recovered(runs: readonly Run[]): Finding {
  const last = runs.flatMap(({ purchases, live }) =>
    purchases.filter(({ intendedMs }) => intendedMs >= live.loadMs + (BEFORE_S + DOWN_S + AFTER_S - CALM_S) * 1000),
  );
  const good = last.filter(({ outcome }) => outcome === 'ok').length;
  return {
    observed: `${good} of ${last.length} accepted in the last ${CALM_S} s`,
    came: last.length === 0 ? undefined : good === last.length,
  };
}

/** What is optional is called after the commit, and the database may go away between. */
const lostWithIt = (runs: readonly Run[]): Finding => ({
  observed: `${countOf(runs, 'lost')} optional effects lost`,
  came: true,
});
