import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import {
  acceptedIn,
  allAccepted,
  asAllowed,
  middle,
  ms,
  none,
  placedIn,
  prediction,
  runsOf,
  type Finding,
} from './judging.js';
import { interleaved } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const TIMES = 5;
const BURST_S = 3;
const CALM_S = 3;

const says = (calls: boolean) =>
  calls
    ? 'Whoever comes in the burst waits until all before him are done: answers take longer while it lasts.'
    : 'Answers take a little longer; the work waits in the outbox, is all done afterwards, and not sooner than with calls.';

export const s15: Scenario = {
  id: 'S15',
  title: 'burst',
  question: `What does ${TIMES} times the load for ${BURST_S} s do?`,
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 80, standard: 80 },
  quick: false,

  blocks: ({ arms, rate, seed }) =>
    interleaved(arms, 1, seed, 'S15').map(({ arm, pair }): [BlockSpec] => [
      {
        scenario: 'S15',
        arm,
        pair,
        stretches: [
          { rate, seconds: CALM_S },
          { rate: TIMES * rate, seconds: BURST_S },
          { rate, seconds: CALM_S },
        ],
        settleMs: 60_000,
        allowed: arm.name.startsWith('sync') ? { ghost: 'any' } : {},
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const calls = name.startsWith('sync');
      const accepted = calls ? some(own) : allAccepted(own);
      return [prediction(name, says(calls), [accepted, slower(own), none(own, 'lost', placedIn(own)), asAllowed(own)])];
    }),
  }),
};

const some = (runs: readonly Run[]): Finding => ({
  observed: `accepted ${acceptedIn(runs)} of ${placedIn(runs)}`,
  came: placedIn(runs) > 0 ? true : undefined,
});

/** The middle answer before the burst against the slowest second of it. */
function slower(runs: readonly Run[]): Finding {
  const worst = Math.max(...runs.flatMap(({ block }) => block.seconds.map(({ ackP95Ms }) => ackP95Ms ?? 0)));
  const backlog = Math.max(...runs.flatMap(({ block }) => block.seconds.map((second) => second.backlog)));
  const observed = `slowest second p95 ${ms(worst)}, backlog up to ${backlog}, last effects after ${ms(middle(runs, 'effectsMaxMs'))}`;
  return { observed, came: Number.isFinite(worst) ? true : undefined };
}
