import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { rewindGroup } from '../../local/rewind.js';
import type { Arm, ArmName } from '../model/arm.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import type { Visit } from '../load/drive.js';
import { asAllowed, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import { withoutTwin } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const SECONDS = { quick: 3, standard: 5 };
const GROUPS = ['billing', 'shipping', 'orders', 'notifications', 'analytics'];
const RECORDS = 20;
/** After so long an impatient customer sends the same request once more. */
const AGAIN_MS = 50;
/** Of the effects so many are followed by a failure. */
const PERCENT = 3;
const TWINS = 5;

const SAYS: Partial<Record<ArmName, string>> = {
  async: 'Records that are read again change nothing: each effect is marked with its event, in one transaction.',
  'async-local':
    'A delivery that comes again because it failed after its effect changes nothing: each effect is marked with its event.',
};
const RETRIES = 'The same Idempotency-Key gives the first answer again; nothing happens twice.';

export const s7: Scenario = {
  id: 'S7',
  title: 'delivered twice, asked twice',
  question: 'What happens twice when a message or a request comes twice?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 42, standard: 65 },
  quick: true,

  blocks: ({ arms, rate, tier }) =>
    (tier === 'quick' ? withoutTwin(arms) : arms).map((arm): [BlockSpec] => [
      {
        scenario: 'S7',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SECONDS[tier] }],
        visit: askTwice,
        ...redelivery(arm),
        epilogue: withoutKey,
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const says = [SAYS[name], RETRIES].filter(Boolean).join(' ');
      return [prediction(name, says, [none(own, 'twice', placedIn(own)), bit(own), asAllowed(own)])];
    }),
  }),
};

/** The second request is on its way before, or after, the first is answered: a 409 says to wait for it. */
const askTwice =
  ({ customers, stopping }: Live): Visit =>
  async (order, intendedMs) => {
    const first = customers.place(order, intendedMs);
    await pause(AGAIN_MS, undefined, { signal: stopping });
    await customers.place(order);
    await first;
  };

/** What can be delivered twice differs by design: calls are only made again when a client asks again. */
function redelivery({ name }: Arm): Partial<BlockSpec> {
  if (name === 'async') return { afterwards: rewind, expectsFaults: 1 };
  if (name === 'async-local')
    return {
      settings: { FAILPOINTS: `effect.after-commit:throw@${PERCENT}%` },
      afterwards: countFailed,
      expectsFaults: 1,
    };
  return {};
}

/** The groups of all subscribers go back by some records, while nobody reads: a group that is in use cannot be set. */
async function rewind(live: Live): Promise<void> {
  const { broker } = live.stage;
  await live.shop.stop();
  await live.fault(
    'groups rewound',
    async () => {
      const { topicPrefix } = live.place;
      const counts = await Promise.all(
        GROUPS.map((group) => rewindGroup([broker!.brokers], `${topicPrefix}shop.${group}`, RECORDS)),
      );
      const records = counts.reduce((sum, count) => sum + count, 0);
      return records > 0 ? `${records} records of ${GROUPS.length} groups are read again` : undefined;
    },
    () => live.startAgain(),
  );
}

/** Without a broker there is nothing to rewind: some deliveries fail after their effect, and come again. */
async function countFailed(live: Live): Promise<void> {
  const client = new pg.Client({ connectionString: live.databaseUrl });
  await client.connect();
  try {
    await live.fault(
      'failed after the effect',
      async () => {
        const { rows } = await client.query<{ n: number }>(
          'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int AS n FROM parked_id_seq',
        );
        return rows[0]!.n > 0 ? `${rows[0]!.n} deliveries failed after their effect and came again` : undefined;
      },
      () => Promise.resolve(),
    );
  } finally {
    await client.end();
  }
}

function bit(runs: readonly Run[]): Finding {
  const faults = runs.flatMap(({ block }) => block.faults);
  const repeats = runs.reduce((sum, { live }) => sum + repeated(live), 0);
  const observed = [
    ...faults.map(({ evidence }) => evidence || 'no evidence'),
    `${repeats} requests were repeated`,
  ].join(', ');
  return { observed, came: repeats > 0 || faults.length > 0 ? true : undefined };
}

const repeated = ({ recorder }: Live): number => {
  const places = recorder.invokes.filter(({ f }) => f === 'place');
  return places.length - new Set(places.map(({ key }) => key)).size;
};

/** Who sends neither a key nor an id of his own cannot be known again: in every design there are two orders then. */
async function withoutKey(live: Live): Promise<void> {
  const userId = live.customers.idOf(live.orders[0]!);
  const body = { userId, lines: [{ sku: 'TEA-2', quantity: 1, unitPrice: 1500 }], currency: 'EUR' };
  const ids = new Set<string>();
  for (let sent = 0; sent < 2 * TWINS; sent++) {
    const reply = await live.client.send('POST', '/orders', body);
    if (reply.status === 201) ids.add(String(reply.body.id));
  }
  live.remarks.push(`${TWINS} purchases, each sent twice without a key and without an id: ${ids.size} orders.`);
}
