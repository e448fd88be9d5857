import { ARMS, callsDirectly } from '../model/arm.js';
import { faultOfKnobs } from '../faults/knob-fault.js';
import type { Visit } from '../load/drive.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import { allAccepted, asAllowed, none, placedIn, prediction, runsOf, share, type Finding } from './judging.js';
import { withoutTwin } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const SLOW_S = 6;
const AFTER_S = 8;
const LATENCY_MS = 2_500;
const PATIENCE_MS = 1_000;
const TRIES = 3;
/** The last seconds, when whatever the storm has left in the queues should be gone. */
const CALM_S = 4;
const WELL = 0.95;

const CALLS =
  'While billing is slow nearly all give up, and each asks three times; the same key keeps a repeat from being work twice, so it recovers soon after billing does.';
const EVENTS = 'Nobody waits for billing, so nobody asks again: everything is accepted throughout.';

export const s16: Scenario = {
  id: 'S16',
  title: 'retry storm',
  question: 'Does the shop recover when customers have asked again and again?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 85, standard: 85 },
  quick: false,

  blocks: ({ arms, rate }) =>
    withoutTwin(arms).map((arm): [BlockSpec] => [
      {
        scenario: 'S16',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SLOW_S + AFTER_S }],
        patienceMs: PATIENCE_MS,
        visit: insist,
        ...faultOfKnobs('billing is slow', SLOW_S, [{ target: 'payment', latencyMs: LATENCY_MS }]),
        settleMs: 60_000,
        expectsFaults: 1,
        allowed: callsDirectly(arm) ? { ghost: 'any' } : {},
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      if (!callsDirectly(ARMS[name]))
        return [
          prediction(name, EVENTS, [
            allAccepted(own),
            requests(own, false),
            none(own, 'lost', placedIn(own)),
            asAllowed(own),
          ]),
        ];
      const during = acceptedBetween(own, 0, SLOW_S);
      const suffers: Finding = { observed: `${share(during)} accepted while billing is slow`, came: during < WELL };
      return [prediction(name, CALLS, [suffers, recovers(own), requests(own, true), asAllowed(own)])];
    }),
  }),
};

/** Asks up to three times, at once, under the same key. */
const insist =
  ({ customers }: Live): Visit =>
  async (order, intendedMs) => {
    for (let tries = 1; tries <= TRIES; tries++) {
      const answer = await customers.place(order, intendedMs);
      if (answer && answer.status < 500 && answer.status !== 409) return;
    }
  };

function acceptedBetween(runs: readonly Run[], fromS: number, toS: number): number {
  const within = runs.flatMap(({ purchases, live }) =>
    purchases.filter(
      ({ intendedMs }) => intendedMs >= live.loadMs + fromS * 1000 && intendedMs < live.loadMs + toS * 1000,
    ),
  );
  return within.filter(({ outcome }) => outcome === 'ok').length / Math.max(1, within.length);
}

function recovers(runs: readonly Run[]): Finding {
  const calm = acceptedBetween(runs, SLOW_S + AFTER_S - CALM_S, SLOW_S + AFTER_S);
  return { observed: `${share(calm)} accepted in the last ${CALM_S} s`, came: calm >= WELL };
}

function requests(runs: readonly Run[], again: boolean): Finding {
  const sent = runs.reduce(
    (sum, { live }) =>
      sum + live.recorder.invokes.filter(({ f, intendedMs }) => f === 'place' && intendedMs >= live.loadMs).length,
    0,
  );
  const placed = placedIn(runs);
  return { observed: `${sent} requests for ${placed} orders`, came: again ? sent > placed : sent === placed };
}
