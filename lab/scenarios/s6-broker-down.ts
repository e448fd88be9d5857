import { freezeBroker, killBroker } from '../faults/broker.js';
import { GOOD_MS } from '../run/orders-done.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import {
  allAccepted,
  asAllowed,
  middle,
  ms,
  none,
  placedIn,
  prediction,
  runsOf,
  share,
  type Finding,
} from './judging.js';
import type { Scenario } from './scenario.js';

const OUTAGE_S = { quick: 6, standard: 8 };
const BEFORE_S = 2;
/** The broker needs this to come back, and the shop to find it. */
const AFTER_S = 5;
/** What takes longer than this share of the outage has waited for the broker. */
const WAITED = 0.8;
const VARIANTS = { quick: ['killed'], standard: ['killed', 'frozen'] };

const FREE = 'Nobody needs the broker: everything is accepted, and the effects come as on any day.';
const NEEDS = 'Everything is accepted; the effects wait for the broker and are all there afterwards.';

export const s6: Scenario = {
  id: 'S6',
  title: 'broker down',
  question: 'Who needs the broker, and for what?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 68, standard: 185 },
  quick: true,

  blocks(given) {
    const { rate, tier } = given;
    const outageS = OUTAGE_S[tier];
    return VARIANTS[tier].flatMap((variant) =>
      given.arms.map((arm): [BlockSpec] => [
        {
          scenario: 'S6',
          arm,
          pair: 0,
          variant,
          stretches: [{ rate, seconds: BEFORE_S + outageS + AFTER_S }],
          during: async (live) => {
            await live.at(BEFORE_S);
            await (variant === 'killed' ? killBroker : freezeBroker)(live, outageS);
          },
          settleMs: 60_000,
          expectsFaults: 1,
        },
      ]),
    );
  },

  judge: (runs, { arms, tier }) => ({
    predictions: arms.flatMap(({ name, needsKafka }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const waits = needsKafka ? waited(own, 1000 * OUTAGE_S[tier]) : unaffected(own, 1000 * OUTAGE_S[tier]);
      return [
        prediction(name, needsKafka ? NEEDS : FREE, [
          allAccepted(own),
          none(own, 'lost', placedIn(own)),
          waits,
          asAllowed(own),
        ]),
      ];
    }),
  }),
};

function unaffected(runs: readonly Run[], outageMs: number): Finding {
  const last = middle(runs, 'effectsMaxMs');
  return {
    observed: `all effects within ${ms(last)}`,
    came: last === undefined ? undefined : last < WAITED * outageMs,
  };
}

function waited(runs: readonly Run[], outageMs: number): Finding {
  const last = middle(runs, 'effectsMaxMs');
  const good = middle(runs, 'goodput') ?? 0;
  const observed = `the last effects after ${ms(last)}, ${share(good)} done within ${GOOD_MS / 1000} s`;
  return { observed, came: last === undefined ? undefined : last >= WAITED * outageMs };
}
