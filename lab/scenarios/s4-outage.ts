import { faultOfKnobs } from '../faults/knob-fault.js';
import { ARMS, callsDirectly, type ArmName } from '../model/arm.js';
import type { Allowed } from '../model/plan.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import {
  acceptedIn,
  allAccepted,
  asAllowed,
  countOf,
  none,
  placedIn,
  prediction,
  runsOf,
  share,
  type Finding,
} from './judging.js';
import type { Scenario } from './scenario.js';

const OUTAGE_S = 8;
const AFTER_S = 6;
/** An order that was under way at the edges of the outage may fall to either side. */
const EDGE = 0.08;
/** Longer than the pause before the last retry of a lane. */
const DRAIN_S = 60;

const REFUSES = `Every order of the outage is refused loudly: ${share(AFTER_S / (OUTAGE_S + AFTER_S))} accepted; its charge stands all the same, and nobody repeats the order but its customer.`;
const PARTIAL =
  'Control: every order of the outage is kept without its shipment, answered 503, and nobody makes the calls up.';
const WAITS = 'Everything is accepted; the backlog grows by one an order, and drains by itself after the heal.';
const ALLOWED: Partial<Record<ArmName, Allowed>> = {
  sync: { ghost: 'any' },
  'sync-hardened': { ghost: 'any' },
  'sync-after-commit': { lost: 'any' },
};

export const s4: Scenario = {
  id: 'S4',
  title: 'outage of shipping',
  question: 'What is left of the orders that come while a module is down?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async', 'sync-after-commit'],
  budgetS: { quick: 106, standard: 106 },
  quick: false,

  blocks: ({ arms, rate }) =>
    arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S4',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: OUTAGE_S + AFTER_S }],
        ...faultOfKnobs('shipping is down', OUTAGE_S, [{ target: 'carrier', mode: 'refuse' }]),
        settleMs: 90_000,
        expectsFaults: 1,
        allowed: ALLOWED[arm.name] ?? {},
      },
    ]),

  judge: (runs, { arms, rate }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      if (name === 'sync-after-commit')
        return [prediction(name, PARTIAL, [refused(own), leftBehind(own), asAllowed(own)])];
      if (callsDirectly(ARMS[name]))
        return [prediction(name, REFUSES, [refused(own), none(own, 'lost', acceptedIn(own)), asAllowed(own)])];
      return [
        prediction(name, WAITS, [
          allAccepted(own),
          none(own, 'lost', placedIn(own)),
          drained(own, rate),
          asAllowed(own),
        ]),
      ];
    }),
  }),
};

function refused(runs: readonly Run[]): Finding {
  const seen = acceptedIn(runs) / Math.max(1, placedIn(runs));
  const expected = AFTER_S / (OUTAGE_S + AFTER_S);
  return { observed: `${share(seen)} accepted`, came: Math.abs(seen - expected) <= EDGE };
}

function leftBehind(runs: readonly Run[]): Finding {
  const lost = countOf(runs, 'lost');
  return { observed: `${lost} effects are missing of orders that are kept`, came: lost > 0 };
}

function drained(runs: readonly Run[], rate: number): Finding {
  const run = runs[0];
  if (!run) return { observed: 'not run', came: undefined };
  const backlog = Math.max(0, ...run.block.seconds.map((second) => second.backlog));
  const healMs = run.live.loadMs + OUTAGE_S * 1000;
  const lastMs = Math.max(
    ...run.purchases.map(({ intendedMs, effectsMs }) => (intendedMs < healMs ? (effectsMs ?? Infinity) : 0)),
  );
  const drainS = (lastMs - healMs) / 1000;
  if (Number.isFinite(drainS)) run.block.metrics.drainS = Math.max(0, drainS);
  const observed = `backlog ${backlog} (λ·t = ${rate * OUTAGE_S}), drained ${drainS.toFixed(1)} s after the heal`;
  return { observed, came: backlog >= 0.7 * rate * OUTAGE_S && drainS <= DRAIN_S };
}
