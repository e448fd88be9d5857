import { type ArmName, ARMS, callsDirectly } from '../model/arm.js';
import { killOne, rollingRestart, TWO_PROCESSES } from '../faults/processes.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import {
  acceptedIn,
  allAccepted,
  asAllowed,
  countOf,
  middle,
  ms,
  none,
  placedIn,
  prediction,
  runsOf,
  type Finding,
} from './judging.js';
import { withoutTwin } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const SECONDS = 14;
const DOWN_S = 2;
/** Who is sent to a process in the moment of its death meets it, too. */
const MOMENT_MS = 100;
/** A group waits so long for a member that has died without a word. */
const SESSION_MS = 30_000;

const CALLS =
  'Rolling: nobody notices. Killed: the requests that the process had begun are cut, none of them half done.';
const HARDENED =
  'Rolling: nobody notices. Killed: the requests that the process had begun are cut, and what was made optional is lost with it.';
const EVENTS =
  'Rolling: nobody notices. Killed: requests that it had begun are cut; what it had begun to deliver is done by the other, at the latest after the session of its group.';

export const s9: Scenario = {
  id: 'S9',
  title: 'rolling restart, killed process',
  question: 'Who notices that a process is replaced, or dies?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 145, standard: 145 },
  quick: false,

  blocks: ({ arms, rate }) =>
    ['rolling', 'killed'].flatMap((variant) =>
      withoutTwin(arms).map((arm): [BlockSpec] => [
        {
          scenario: 'S9',
          arm,
          pair: 0,
          variant,
          stretches: [{ rate, seconds: SECONDS }],
          settings: TWO_PROCESSES,
          during: (live) => (variant === 'rolling' ? rollingRestart(live) : killOne(live, DOWN_S)),
          settleMs: 90_000,
          expectsFaults: 1,
          allowed: variant === 'killed' && callsDirectly(arm) ? { ghost: 'any', lost: hardened(arm.name) } : {},
        },
      ]),
    ),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const [rolling, killed] = [runsOf(own, name, 'rolling'), runsOf(own, name, 'killed')];
      const findings = [
        allAccepted(rolling),
        none(rolling, 'lost', placedIn(rolling)),
        cut(killed),
        { observed: `${countOf(killed, 'lost')} effects lost`, came: lostAsSaid(name, killed) },
        recovered(killed),
      ];
      return [prediction(name, saysOf(name), [...findings, asAllowed(own)])];
    }),
  }),
};

/** Optional calls are made after the commit, and die with the process. */
const hardened = (arm: string) => (arm === 'sync-hardened' ? ('any' as const) : 0);

const saysOf = (name: ArmName) => (name === 'sync-hardened' ? HARDENED : callsDirectly(ARMS[name]) ? CALLS : EVENTS);

const lostAsSaid = (name: ArmName, runs: readonly Run[]) =>
  runs.length === 0 ? undefined : hardened(name) === 'any' || countOf(runs, 'lost') === 0;

/** Only what was under way when the process died: how many that are is a question of how fast it was. */
function cut(runs: readonly Run[]): Finding {
  const later = runs.flatMap(({ block: { points, faults } }) => {
    const diedMs = Math.max(...faults.map(({ fromS }) => fromS * 1000));
    return points.filter(([atMs, , , outcome]) => outcome !== 'ok' && atMs > diedMs + MOMENT_MS);
  });
  const those =
    later.length === 0 ? 'all of them under way when it died' : `${later.length} of them sent after it died`;
  return {
    observed: `killed: ${placedIn(runs) - acceptedIn(runs)} of ${placedIn(runs)} orders were cut, ${those}`,
    came: runs.length === 0 ? undefined : later.length === 0,
  };
}

function recovered(runs: readonly Run[]): Finding {
  const last = middle(runs, 'effectsMaxMs');
  return {
    observed: `killed: the last effects after ${ms(last)}`,
    came: last === undefined ? undefined : last <= SESSION_MS,
  };
}
