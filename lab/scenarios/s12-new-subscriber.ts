import path from 'node:path';
import pg from 'pg';
import type { Driven } from '../load/drive.js';
import type { ArmName } from '../model/arm.js';
import { sendBatch } from '../run/batch.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import type { Live } from '../run/live.js';
import { buildPatched, sizeOf } from '../s12/patched-build.js';
import { allAccepted, asAllowed, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';

const SECONDS = 6;
const HEARD_MS = 20_000;
const WARM_UP = 10;

const SAYS: Partial<Record<ArmName, string>> = {
  sync: 'The publisher has to name it; it hears what happens from now on, history would need a script. No second mail.',
  'async-local':
    'The publisher does not change; it hears what happens from now on: history was not kept. No second mail.',
  async:
    'The publisher does not change; it reads all that ever happened: every old order has its points. No second mail.',
};

export const s12: Scenario = {
  id: 'S12',
  title: 'a new subscriber',
  question: 'What does it cost that one more module hears of orders, and what does it know of the past?',
  arms: ['sync', 'async-local', 'async'],
  budgetS: { quick: 57, standard: 57 },
  quick: false,

  async blocks({ arms, rate, folder, stopping }) {
    const main = await buildPatched(path.join(folder, 's12'), stopping);
    return arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S12',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SECONDS }],
        warmUp: WARM_UP,
        driver: (live) => releaseInTheMiddle(live, rate, main),
        epilogue: countPoints,
        expectsFaults: 1,
      },
    ]);
  },

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const findings = [allAccepted(own), history(own, name), none(own, 'twice', placedIn(own)), asAllowed(own)];
      return [prediction(name, SAYS[name] ?? '', findings)];
    }),
    notes: lines(),
  }),
};

/** Half of the orders come before the release that knows the new module, half after it. */
async function releaseInTheMiddle(live: Live, rate: number, main: string): Promise<Driven> {
  const half = Math.floor(live.orders.length / 2);
  const delaysMs = await sendBatch(live, live.orders.slice(0, half), rate);
  await live.shop.stop(20_000);
  await live.fault(
    'a new release',
    async () => `process ${(await live.startAgain({}, main)).pid} knows loyalty`,
    () => Promise.resolve(),
  );
  delaysMs.push(...(await sendBatch(live, live.orders.slice(half), rate)));
  return { sentInTime: live.orders.length, delaysMs };
}

interface Points {
  old: number;
  fresh: number;
  half: number;
}
const pointsOf = new WeakMap<Live, Points>();

async function countPoints(live: Live): Promise<void> {
  const client = new pg.Client({ connectionString: live.databaseUrl });
  await client.connect();
  const half = Math.floor(live.orders.length / 2);
  const count = async (orders: typeof live.orders) => {
    const ids = orders.map(({ id }) => id);
    const { rows } = await client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM loyalty_points WHERE order_id = ANY($1)',
      [ids],
    );
    return rows[0]!.n;
  };
  try {
    const fresh = live.orders.slice(half);
    await live.until(async () => (await count(fresh)) === fresh.length, HEARD_MS);
    pointsOf.set(live, { old: await count(live.orders.slice(0, half)), fresh: await count(fresh), half });
  } finally {
    await client.end();
  }
}

function history(runs: readonly Run[], arm: ArmName): Finding {
  const points = runs[0] && pointsOf.get(runs[0].live);
  if (!points) return { observed: 'nobody has counted the points', came: undefined };
  const { old, fresh, half } = points;
  const after = runs[0]!.live.orders.length - half;
  const observed = `points for ${old} of ${half} orders from before and ${fresh} of ${after} from after`;
  return { observed, came: fresh === after && old === (arm === 'async' ? half : 0) };
}

function lines(): string[] {
  const [module, named] = [sizeOf('module'), sizeOf('namedInSync')];
  const sum = (changed: { lines: number }[]) => changed.reduce((all, one) => all + one.lines, 0);
  const files = named.changed.map(({ file }) => file).join(' and ');
  return [
    `In every design the module itself takes ${module.added} new lines, and ${sum(module.changed)} changed ones to be listed.`,
    `With calls, ${sum(named.changed)} lines more of what publishes change (${files}); with events none.`,
  ];
}
