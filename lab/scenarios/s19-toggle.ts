import { setTimeout as pause } from 'node:timers/promises';
import type { Visit } from '../load/drive.js';
import type { ArmName } from '../model/arm.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import { allAccepted, asAllowed, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';

const SECONDS = 18;
const STAY_S = 4;
const PATIENCE_MS = 30_000;
const AGAIN_MS = 250;

const SAYS =
  'To sync and back, under load: customers who ask again are all served in the end; nothing is lost, nothing happens twice.';

export const s19: Scenario = {
  id: 'S19',
  title: 'toggled under load',
  question: 'Does a change of the design, there and back, lose or repeat anything?',
  arms: ['async-local', 'async'],
  budgetS: { quick: 62, standard: 62 },
  quick: false,

  blocks: ({ arms, rate }) =>
    arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S19',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SECONDS }],
        visit: untilServed,
        during: (live) => toggle(live, arm.name),
        settleMs: 60_000,
        expectsFaults: 2,
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const findings = [
        allAccepted(own),
        none(own, 'lost', placedIn(own)),
        none(own, 'twice', placedIn(own)),
        both(own),
      ];
      return [prediction(name, SAYS, [...findings, asAllowed(own)])];
    }),
  }),
};

/** Asks again, under the same key, while nobody answers or the shop says that it drains. */
const untilServed =
  ({ customers, stopping }: Live): Visit =>
  async (order, intendedMs) => {
    for (
      const end = Date.now() + PATIENCE_MS;
      Date.now() < end;
      await pause(AGAIN_MS, undefined, { signal: stopping })
    ) {
      const answer = await customers.place(order, intendedMs);
      if (answer && answer.status < 500 && answer.status !== 409) return;
    }
  };

async function toggle(live: Live, home: ArmName): Promise<void> {
  await live.at(STAY_S);
  for (const mode of ['sync', home]) {
    await live.fault(
      `to ${mode}`,
      async () => {
        await live.shop.stop(30_000);
        const shop = await live.startAgain({ COMM_MODE: mode });
        return `process ${shop.pid} serves in ${mode}`;
      },
      () => live.pause(STAY_S * 1000),
    );
  }
}

function both(runs: readonly Run[]): Finding {
  const modes = new Set(runs.flatMap(({ judged }) => judged.observation.orders.map(({ mode }) => mode)));
  return { observed: `orders were placed in ${[...modes].join(' and ')}`, came: modes.size > 1 ? true : undefined };
}
