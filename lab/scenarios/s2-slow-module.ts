import { ARMS, callsDirectly, type Arm } from '../model/arm.js';
import type { Allowed } from '../model/plan.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import { faultThroughout } from '../faults/knob-fault.js';
import { compare } from '../statistics/index.js';
import {
  acceptedIn,
  asAllowed,
  isNear,
  middle,
  ms,
  placedIn,
  prediction,
  runsOf,
  share,
  type Finding,
} from './judging.js';
import { interleaved } from './order-of-blocks.js';
import { PATIENCE_MS, ruleOf, slowBilling } from './slow-billing-model.js';
import type { Given, Scenario } from './scenario.js';

const DELAYS_MS = { quick: [300, 2000], standard: [50, 500, 2000] };
const SECONDS = { quick: 6, standard: 8 };
/** How far a share or a time may be from its formula. */
const SHARE_OFF = 0.12;
const TIME_FACTOR = 1.6;
const TIME_OFF_MS = 250;

const delaysOf = ({ billingLatencyMs, tier }: Given) =>
  billingLatencyMs === undefined ? DELAYS_MS[tier] : [billingLatencyMs];

export const s2: Scenario = {
  id: 'S2',
  title: 'slow billing',
  question: 'What does a slow module do to those who order?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 108, standard: 211 },
  quick: true,

  blocks(given) {
    const { tier, seed, rate } = given;
    const arms = given.arms;
    // The slowest first: should the budget be too short, it is not the question itself that goes unanswered.
    return [...delaysOf(given)].reverse().flatMap((latencyMs) =>
      interleaved(arms, 1, seed, `S2 ${latencyMs}`).map(({ arm, pair }) => [
        {
          scenario: 'S2',
          arm,
          pair,
          variant: `${latencyMs}ms`,
          variantValue: latencyMs,
          stretches: [{ rate, seconds: SECONDS[tier] }],
          ...faultThroughout('billing is slow', SECONDS[tier], [{ target: 'payment', latencyMs }]),
          settleMs: 60_000,
          patienceMs: PATIENCE_MS,
          expectsFaults: 1,
          allowed: allowedFor(arm),
        } satisfies BlockSpec,
      ]),
    );
  },

  judge(runs, given, floor) {
    const delays = delaysOf(given);
    const predictions = given.arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const calls = callsDirectly(ARMS[name]);
      return [
        prediction(name, says(own, delays, calls), [
          ...delays.flatMap((delay) => judged(own, delay, calls)),
          asAllowed(own),
        ]),
      ];
    });
    const blocks = runs.map(({ block }) => block);
    const against = given.arms.find(({ name }) => name === 'sync-hardened')?.name ?? given.arms[0]!.name;
    const others = given.arms.map(({ name }) => name).filter((name) => name !== against);
    const comparisons = delays.flatMap((delay) =>
      others.flatMap((arm) =>
        ['ackP95Ms', 'effectsP95Ms'].map((metric) =>
          compare(blocks, metric, arm, against, { seed: given.seed, floor, variant: `${delay}ms` }),
        ),
      ),
    );
    return { predictions, comparisons, curves: curvesOf(runs, given, delays) };
  },
};

/** Who is refused while billing works has been charged for nothing. */
const allowedFor = (arm: Arm): Allowed => (callsDirectly(arm) ? { ghost: 'any' } : {});

const firstOf = (runs: readonly Run[], delay: number) => runs.find(({ spec }) => spec.variantValue === delay);

function says(runs: readonly Run[], delays: readonly number[], isCalls: boolean): string {
  const each = delays.flatMap((delay) => {
    const run = firstOf(runs, delay);
    if (!run) return [];
    const { acceptedShare, p95Ms } = slowBilling(run, delay);
    return [`${ms(delay)}: ${isCalls ? `${share(acceptedShare)} accepted, p95` : 'effects p95'} ${ms(p95Ms)}`];
  });
  return `${ruleOf(runs[0]!)}: ${each.join('; ')}.`;
}

function judged(all: readonly Run[], delay: number, isCalls: boolean): Finding[] {
  const runs = all.filter(({ spec }) => spec.variantValue === delay);
  const run = runs[0];
  if (!run) return [{ observed: `${ms(delay)}: not run`, came: undefined }];
  const accepted = acceptedIn(runs) / Math.max(1, placedIn(runs));
  const seen = middle(runs, isCalls ? 'ackP95Ms' : 'effectsP95Ms');
  const { acceptedShare, p95Ms } = slowBilling(run, delay);
  const near = seen !== undefined && isNear(seen, p95Ms, TIME_FACTOR, TIME_OFF_MS);
  return [
    {
      observed: `${ms(delay)}: ${share(accepted)} accepted, ${isCalls ? 'p95' : 'effects p95'} ${ms(seen)}`,
      came: Math.abs(accepted - acceptedShare) <= (isCalls ? SHARE_OFF : 0) && near,
    },
  ];
}

function curvesOf(runs: readonly Run[], { arms }: Given, delays: readonly number[]) {
  return arms.flatMap(({ name }) => {
    const own = runsOf(runs, name);
    const isCalls = callsDirectly(ARMS[name]);
    const over = (y: string, of: (delay: number) => number | undefined, kind: 'observed' | 'theory') => {
      const points = delays.flatMap((delay): [number, number][] => {
        const value = of(delay);
        return value === undefined ? [] : [[delay, value]];
      });
      return { name: y, arm: name, x: 'billing takes, ms', y: `${y}, ms`, kind, points };
    };
    const at = (delay: number) => own.filter(({ spec }) => spec.variantValue === delay);
    const theory = (delay: number) => {
      const run = firstOf(own, delay);
      return run && slowBilling(run, delay).p95Ms;
    };
    return [
      over('acknowledged p95', (delay) => middle(at(delay), 'ackP95Ms'), 'observed'),
      over('all effects p95', (delay) => middle(at(delay), 'effectsP95Ms'), 'observed'),
      over(isCalls ? 'acknowledged p95' : 'all effects p95', theory, 'theory'),
    ].filter(({ points }) => points.length > 0);
  });
}
