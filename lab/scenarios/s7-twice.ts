import { setTimeout as pause } from 'node:timers/promises';
import { rewindGroup } from '../../local/rewind.js';
import { planOrders } from '../load/arrivals.js';
import type { Arm, ArmName } from '../model/arm.js';
import { onOwnConnection } from '../observe/rows.js';
import { sendBatch } from '../run/batch.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import { USERS } from '../run/warm-up.js';
import type { Visit } from '../load/drive.js';
import { asAllowed, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';

const SECONDS = { quick: 3, standard: 5 };
const GROUPS = ['billing', 'shipping', 'orders', 'notifications', 'analytics'];
const RECORDS = 20;
/** After so long an impatient customer sends the same request once more. */
const AGAIN_MS = 50;
/** The process dies at this effect: those of the first orders are done, none of their rows is all done. */
const FATAL_EFFECT = 12;
const MORE = 12;
const MORE_RATE = 100;
const DEATH_MS = 10_000;
const HAD_ITS_EFFECT = 'SELECT count(*)::int AS count FROM outbox JOIN inbox USING (event_id)';
const TWINS = 5;

const SAYS: Partial<Record<ArmName, string>> = {
  async: 'Records that are read again change nothing: each effect is marked with its event, in one transaction.',
  'async-local':
    'A delivery that comes again because its process died after the effect changes nothing: each effect is marked with its event. Only a mail that was just going out goes out again.',
};
const RETRIES = 'The same Idempotency-Key gives the first answer again; nothing happens twice.';

export const s7: Scenario = {
  id: 'S7',
  title: 'delivered twice, asked twice',
  question: 'What happens twice when a message or a request comes twice?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 44, standard: 58 },
  quick: true,

  blocks: ({ arms, rate, tier }) =>
    arms.map((arm): [BlockSpec] => [
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
  if (name === 'async-local') return { afterwards: dieAfterEffect, expectsFaults: 1 };
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

/** Without a broker there is nothing to rewind: a process dies after an effect, and the next finds its row in the outbox. */
async function dieAfterEffect(live: Live): Promise<void> {
  await live.shop.stop();
  const shop = await live.startAgain({ FAILPOINTS: `effect.after-commit:kill@${FATAL_EFFECT}` });
  await live.fault(
    'kill -9 after an effect',
    async () => {
      await sendBatch(live, moreOrders(live), MORE_RATE);
      if (!(await live.until(() => !shop.alive, DEATH_MS))) return undefined;
      const rows = await onOwnConnection(live.databaseUrl, (client) => client.query<{ count: number }>(HAD_ITS_EFFECT));
      const { count } = rows.rows[0]!;
      return count > 0 ? `${count} deliveries that had their effect come again` : undefined;
    },
    () => live.startAgain(),
  );
}

const moreOrders = ({ recorder }: Live) =>
  planOrders({
    seed: 0,
    pair: 'S7 more',
    block: `${recorder.block} more`,
    stretches: [{ rate: MORE, seconds: 1 }],
    spacing: 'constant',
    users: USERS,
  });

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
    const reply = await live.recorder.ask(
      { f: 'unnamed', key: `${live.recorder.block} unnamed ${sent + 1}` },
      () => live.client.send('POST', '/orders', body),
      ({ body: { id } }) => String(id),
    );
    if (reply?.status === 201) ids.add(String(reply.body.id));
  }
  live.remarks.push(`${TWINS} purchases, each sent twice without a key and without an id: ${ids.size} orders.`);
}
