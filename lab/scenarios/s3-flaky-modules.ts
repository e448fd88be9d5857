import { faultOfKnobs } from '../faults/knob-fault.js';
import type { ArmName } from '../model/arm.js';
import type { Allowed } from '../model/plan.js';
import { chanceOf } from '../statistics/index.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import { allAnswer, withOneRepeat } from '../predictions/formulas.js';
import { acceptedIn, asAllowed, none, placedIn, prediction, runsOf, share, type Finding } from './judging.js';
import { interleaved } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const ERROR_RATES = [0.05, 0.2];
const SECONDS = 8;
/** Errors are drawn: a share is as its formula says unless chance gives it, or one further away, less often than this. */
const LEAST_CHANCE = 0.0002;

/** The share of orders that get through, when each call to the outside fails with probability q. */
export const FORMULAS: Partial<Record<ArmName, { says: string; share: (q: number) => number; allowed: Allowed }>> = {
  sync: {
    says: 'Charge, booking and two mails must all succeed: (1 − q)⁴ of the orders are accepted.',
    share: (q) => allAnswer([q, q, q, q]),
    allowed: { ghost: 'any' },
  },
  'sync-hardened': {
    says: 'Charge and booking have a second try: (1 − q²)² of the orders are accepted; a mail that fails is lost in silence.',
    share: (q) => allAnswer([withOneRepeat(q), withOneRepeat(q)]),
    allowed: { ghost: 'any', lost: 'any' },
  },
};
const EVENTS = 'Everything is accepted, and what fails is repeated until it succeeds: 100 %, with all effects.';

export const s3: Scenario = {
  id: 'S3',
  title: 'flaky modules',
  question: 'Is the availability of the whole the product of its parts?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 122, standard: 122 },
  quick: false,

  blocks: ({ arms, rate, seed }) =>
    ERROR_RATES.flatMap((errorRate) =>
      interleaved(arms, 1, seed, `S3 ${errorRate}`).map(({ arm, pair }): [BlockSpec] => [
        {
          scenario: 'S3',
          arm,
          pair,
          variant: share(errorRate),
          variantValue: errorRate,
          stretches: [{ rate, seconds: SECONDS }],
          ...faultOfKnobs('all three neighbours fail at times', SECONDS, [
            { target: 'payment', errorRate },
            { target: 'carrier', errorRate },
            { target: 'smtp', errorRate },
          ]),
          settleMs: 60_000,
          expectsFaults: 1,
          allowed: FORMULAS[arm.name]?.allowed ?? {},
        },
      ]),
    ),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const found = ERROR_RATES.map((q) => accepted(own, q, FORMULAS[name]?.share ?? (() => 1)));
      return [prediction(name, FORMULAS[name]?.says ?? EVENTS, [...found, silent(own, name), asAllowed(own)])];
    }),
    curves: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      const formula = FORMULAS[name]?.share ?? (() => 1);
      const about = { arm: name, x: 'each call fails, share', y: 'accepted, share', name: 'accepted' };
      const seen = ERROR_RATES.flatMap((q): [number, number][] => {
        const at = own.filter(({ spec }) => spec.variantValue === q);
        return at.length === 0 ? [] : [[q, acceptedIn(at) / placedIn(at)]];
      });
      if (seen.length === 0) return [];
      const theory = ERROR_RATES.map((q): [number, number] => [q, formula(q)]);
      return [
        { ...about, kind: 'observed' as const, points: seen },
        { ...about, kind: 'theory' as const, points: theory },
      ];
    }),
  }),
};

function accepted(runs: readonly Run[], q: number, formula: (q: number) => number): Finding {
  const at = runs.filter(({ spec }) => spec.variantValue === q);
  const [some, of] = [acceptedIn(at), placedIn(at)];
  if (of === 0) return { observed: `q ${share(q)}: not run`, came: undefined };
  const expected = formula(q);
  const observed = `q ${share(q)}: ${share(some / of)} accepted (formula ${share(expected)})`;
  return { observed, came: chanceOf(of - some, of, 1 - expected) >= LEAST_CHANCE };
}

/** What a customer was promised, and did not get, without anybody having been told. */
function silent(runs: readonly Run[], arm: ArmName): Finding {
  if (arm !== 'sync-hardened') return none(runs, 'lost', acceptedIn(runs));
  const lost = runs.reduce((sum, { block }) => sum + (block.anomalies.lost ?? 0), 0);
  return { observed: `${lost} mails lost in silence`, came: lost > 0 };
}
