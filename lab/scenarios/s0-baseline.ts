import { ARMS, callsDirectly } from '../model/arm.js';
import { compare } from '../statistics/index.js';
import { allAccepted, asAllowed, middle, ms, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import { interleaved } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';
import type { Run } from '../run/bench.js';

const PAIRS = { quick: 3, standard: 6 };
const SECONDS = 6;
const COMPARED = ['ackP50Ms', 'ackP95Ms', 'effectsP50Ms', 'effectsP95Ms', 'cpuMsPerOrder', 'walKbPerOrder'];
const CALLS =
  'Everything is accepted, nothing is lost, and with the answer all effects are there: both clocks show one time.';
const EVENTS =
  'Everything is accepted and nothing is lost; the effects come after the answer: the second clock shows more.';

export const s0: Scenario = {
  id: 'S0',
  title: 'baseline',
  question: 'What does each design cost when nothing breaks?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 98, standard: 276 },
  quick: true,

  blocks: ({ arms, rate, tier, seed }) =>
    interleaved(arms, PAIRS[tier], seed, 'S0').map(({ arm, pair }) => [
      { scenario: 'S0', arm, pair, stretches: [{ rate, seconds: SECONDS }] },
    ]),

  judge(runs, { arms, seed }, floor) {
    const predictions = arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      return [
        prediction(name, callsDirectly(ARMS[name]) ? CALLS : EVENTS, [
          allAccepted(own),
          none(own, 'lost', placedIn(own)),
          asAllowed(own),
          clocks(own, callsDirectly(ARMS[name])),
        ]),
      ];
    });
    const blocks = runs.map(({ block }) => block);
    const against = arms.find(({ name }) => name === 'sync-hardened')?.name ?? arms[0]!.name;
    const others = arms.map(({ name }) => name).filter((name) => name !== against);
    const comparisons = others.flatMap((arm) =>
      COMPARED.map((metric) => compare(blocks, metric, arm, against, { seed, floor })),
    );
    return { predictions, comparisons };
  },
};

function clocks(runs: readonly Run[], same: boolean): Finding {
  const [ack, effects] = [middle(runs, 'ackP50Ms'), middle(runs, 'effectsP50Ms')];
  const came = ack === undefined || effects === undefined ? undefined : same ? effects <= ack + 1 : effects > ack;
  return { observed: `acknowledged after ${ms(ack)}, all effects after ${ms(effects)} (p50)`, came };
}
