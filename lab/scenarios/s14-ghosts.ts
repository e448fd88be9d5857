import { drive, type Driven } from '../load/drive.js';
import { callsDirectly, type Arm } from '../model/arm.js';
import type { Allowed } from '../model/plan.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import { acceptedIn, asAllowed, countOf, none, placedIn, prediction, runsOf, share, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';

const SECONDS = 6;
const PERCENT = 20;
const DEVIATIONS = 3.5;

const GHOSTS = `${PERCENT} % of the orders are rolled back after their calls were made: their charge, booking and mail stand without an order.`;
const HARDENED = `${GHOSTS} What is optional has transactions of its own: of those that are rolled back, mails and sales are lost in silence.`;
const NONE = `${PERCENT} % of the orders are rolled back, and what they had announced with them: 0 ghosts.`;

export const s14: Scenario = {
  id: 'S14',
  title: 'rollback',
  question: 'What is left of an order that was rolled back?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 54, standard: 54 },
  quick: false,

  blocks: ({ arms, rate }) =>
    arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S14',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SECONDS }],
        warmUp: 0,
        driver: rollBackSome,
        expectsFaults: 1,
        allowed: allowedFor(arm),
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap((arm) => {
      const own = runsOf(runs, arm.name);
      if (own.length === 0) return [];
      const rolledBack = placedIn(own) - acceptedIn(own);
      const calls = callsDirectly(arm);
      const found = calls ? ghosts(own) : none(own, 'ghost', rolledBack, 'rollbacks');
      return [
        prediction(arm.name, calls ? (arm.name === 'sync' ? GHOSTS : HARDENED) : NONE, [
          refused(own),
          found,
          asAllowed(own),
        ]),
      ];
    }),
  }),
};

function allowedFor({ name, settings }: Arm): Allowed {
  if (!callsDirectly({ settings })) return {};
  return { ghost: 'any', lost: name === 'sync-hardened' ? 'any' : 0 };
}

/** The users are registered before; from then on a transaction fails at its last step, by chance. */
async function rollBackSome(live: Live): Promise<Driven> {
  await live.shop.stop();
  await live.startAgain({ FAILPOINTS: `request.before-commit:throw@${PERCENT}%` });
  let driven: Driven | undefined;
  await live.fault(
    'rolled back before the commit',
    async () => {
      live.loadMs = live.recorder.mark('load');
      const place = live.customers.place.bind(live.customers);
      driven = await drive(live.orders, live.loadMs, SECONDS * 1000, place, live.stopping);
      const failed = live.recorder.outcomes.filter(({ f, http }) => f === 'place' && (http ?? 0) >= 500).length;
      return failed > 0 ? `${failed} requests failed` : undefined;
    },
    () => Promise.resolve(),
  );
  return driven!;
}

function refused(runs: readonly Run[]): Finding {
  const of = placedIn(runs);
  if (of === 0) return { observed: 'nothing was placed', came: undefined };
  const seen = 1 - acceptedIn(runs) / of;
  const allowed = DEVIATIONS * Math.sqrt(((PERCENT / 100) * (1 - PERCENT / 100)) / of);
  return {
    observed: `${share(seen)} of ${of} orders were rolled back`,
    came: Math.abs(seen - PERCENT / 100) <= allowed,
  };
}

function ghosts(runs: readonly Run[]): Finding {
  const count = countOf(runs, 'ghost');
  return { observed: `${count} effects of no order`, came: count > 0 };
}
