import { ARMS, callsDirectly } from '../model/arm.js';
import type { Knob } from '../faults/knobs.js';
import { faultOfKnobs } from '../faults/knob-fault.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import { allAccepted, asAllowed, middle, ms, prediction, runsOf, type Finding } from './judging.js';
import { interleaved, withoutTwin } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const CALL_MS = 50;
const SECONDS = 6;
/** How many of the calls to the outside that an order causes are slow: charge, booking, two mails. */
const CHAINS: readonly { calls: number; inARow: number; knobs: readonly Knob[] }[] = [
  { calls: 0, inARow: 0, knobs: [] },
  { calls: 1, inARow: 1, knobs: slow('payment') },
  { calls: 2, inARow: 2, knobs: slow('payment', 'carrier') },
  { calls: 4, inARow: 2, knobs: slow('payment', 'carrier', 'smtp') },
];
const TIME_OFF_MS = 60;
/** The blocks without a slow call come first, and once more at the end: a machine that changed meanwhile tells nothing. */
const ROUNDS = [...CHAINS.map((chain) => ({ ...chain, pair: 0 })), { ...CHAINS[0]!, pair: 1 }];

function slow(...targets: Knob['target'][]): Knob[] {
  return targets.map((target) => ({ target, latencyMs: CALL_MS }));
}

export const s1: Scenario = {
  id: 'S1',
  title: 'chain length',
  question: `What does each further call of ${CALL_MS} ms add?`,
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 200, standard: 200 },
  quick: false,

  blocks: ({ arms, rate, seed }) =>
    ROUNDS.flatMap(({ calls, knobs, pair }) =>
      interleaved(withoutTwin(arms), 1, seed, `S1 ${calls} ${pair}`).map(({ arm }): [BlockSpec] => [
        {
          scenario: 'S1',
          arm,
          pair,
          variant: `${calls}-calls`,
          variantValue: calls,
          // The length of a chain is the question, not a queue before it.
          stretches: [{ rate: Math.max(1, Math.round(rate / 4)), seconds: SECONDS }],
          ...(knobs[0] && faultOfKnobs(`${calls} calls are slow`, SECONDS, [knobs[0], ...knobs.slice(1)])),
          expectsFaults: knobs.length > 0 ? 1 : 0,
        },
      ]),
    ),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const calls = callsDirectly(ARMS[name]);
      const says = calls
        ? `Each call adds its ${CALL_MS} ms to the answer: p50 = that of no slow call + N · ${CALL_MS} ms.`
        : `The answer does not change; the effects take as long as the longest path: two slow calls, ${2 * CALL_MS} ms.`;
      return [prediction(name, says, [allAccepted(own), ...grows(own, calls), asAllowed(own)])];
    }),
    curves: arms.flatMap(({ name }) => curves(runsOf(runs, name), name)),
  }),
};

const at = (runs: readonly Run[], calls: number) => runs.filter(({ spec }) => spec.variantValue === calls);

/** What the answer, or the effects, take more than without any slow call. */
function grows(runs: readonly Run[], isCalls: boolean): Finding[] {
  const metric = isCalls ? 'ackP50Ms' : 'effectsP50Ms';
  const without = (pair: number) =>
    middle(
      at(runs, 0).filter(({ spec }) => spec.pair === pair),
      metric,
    );
  const [before, after] = [without(0), without(1)];
  if (before === undefined || after === undefined)
    return [{ observed: 'without a slow call: not run', came: undefined }];
  if (Math.abs(before - after) > TIME_OFF_MS) {
    const observed = `the machine changed, without a slow call ${ms(before)} before and ${ms(after)} after`;
    return [{ observed, came: undefined }];
  }
  const base = (before + after) / 2;
  return CHAINS.slice(1).map(({ calls, inARow }) => {
    const seen = middle(at(runs, calls), metric);
    if (seen === undefined) return { observed: `${calls} calls: not run`, came: undefined };
    const expected = (isCalls ? calls : inARow) * CALL_MS;
    const more = `${seen < base ? '−' : '+'}${ms(Math.abs(seen - base))}`;
    const observed = `${calls} calls: ${isCalls ? 'answer' : 'effects'} ${more} (formula +${ms(expected)})`;
    return { observed, came: Math.abs(seen - base - expected) <= TIME_OFF_MS };
  });
}

function curves(runs: readonly Run[], arm: Run['block']['arm']) {
  const isCalls = callsDirectly(ARMS[arm]);
  const of = (metric: string) =>
    CHAINS.flatMap(({ calls }): [number, number][] => {
      const value = middle(at(runs, calls), metric);
      return value === undefined ? [] : [[calls, value]];
    });
  const [answers, effects] = [of('ackP50Ms'), of('effectsP50Ms')];
  const base = (isCalls ? answers : effects)[0]?.[1];
  const theory = CHAINS.map(({ calls, inARow }): [number, number] => [
    calls,
    (base ?? 0) + (isCalls ? calls : inARow) * CALL_MS,
  ]);
  const axes = { arm, x: 'slow calls', y: 'ms' };
  return [
    { ...axes, name: 'acknowledged p50', kind: 'observed' as const, points: answers },
    { ...axes, name: 'all effects p50', kind: 'observed' as const, points: effects },
    {
      ...axes,
      name: isCalls ? 'acknowledged p50' : 'all effects p50',
      kind: 'theory' as const,
      points: base ? theory : [],
    },
  ].filter(({ points }) => points.length > 0);
}
