import { setTimeout as pause } from 'node:timers/promises';
import type { Visit } from '../load/drive.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import { asAllowed, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';

const SECONDS = 6;
/** A customer changes his mind before, while and after the order is worked on. */
const SECOND_THOUGHTS_MS = [0, 20, 60, 150, 400];

const SAYS =
  'What happened to one order is told in the order of its happening: 0 inversions, and who cancels gets the money back.';

export const s10: Scenario = {
  id: 'S10',
  title: 'order of events',
  question: 'Does placing come before cancelling, for everybody who hears of it?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 60, standard: 60 },
  quick: false,

  blocks: ({ arms, rate }) =>
    arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S10',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SECONDS }],
        visit: orderAndCancel,
        settleMs: 60_000,
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const findings = [none(own, 'reordered', placedIn(own)), cancelled(own), asAllowed(own)];
      return [prediction(name, SAYS, findings)];
    }),
  }),
};

const orderAndCancel =
  ({ customers, stopping }: Live): Visit =>
  async (order, intendedMs) => {
    const answer = await customers.place(order, intendedMs);
    if (answer?.status !== 201) return;
    await pause(SECOND_THOUGHTS_MS[order.total % SECOND_THOUGHTS_MS.length], undefined, { signal: stopping });
    await customers.cancel(order);
  };

function cancelled(runs: readonly Run[]): Finding {
  const count = runs.reduce(
    (sum, { judged }) => sum + judged.observation.orders.filter(({ status }) => status === 'cancelled').length,
    0,
  );
  return { observed: `${count} were cancelled`, came: count > 0 ? true : undefined };
}
