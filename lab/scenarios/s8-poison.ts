import pg from 'pg';
import { Draws } from '../load/random.js';
import { callsDirectly, type Arm } from '../model/arm.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Live } from '../run/live.js';
import { allAccepted, asAllowed, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import type { Run } from '../run/bench.js';
import type { Scenario } from './scenario.js';

const SECONDS = 6;
const AT_S = 2;
const PARKED_MS = 15_000;

const LOUD = 'One request is refused with what is wrong in it; nobody else notices.';
const PARKED = 'The poisoned event waits for a person at each of its hearers; all other orders are done as always.';

export const s8: Scenario = {
  id: 'S8',
  title: 'poison',
  question: 'Whom does one event hurt that nobody can read?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 55, standard: 55 },
  quick: false,

  blocks: ({ arms, rate, seed }) =>
    arms.map((arm): [BlockSpec] => [
      {
        scenario: 'S8',
        arm,
        pair: 0,
        stretches: [{ rate, seconds: SECONDS }],
        expectsFaults: 1,
        ...poison(arm, new Draws(seed, `poison ${arm.name}`).uuid()),
      },
    ]),

  judge: (runs, { arms }) => ({
    predictions: arms.flatMap((arm) => {
      const own = runsOf(runs, arm.name);
      if (own.length === 0) return [];
      const says = callsDirectly(arm) ? LOUD : PARKED;
      return [
        prediction(arm.name, says, [allAccepted(own), none(own, 'lost', placedIn(own)), bit(own), asAllowed(own)]),
      ];
    }),
  }),
};

function poison(arm: Arm, key: string): Partial<BlockSpec> {
  if (callsDirectly(arm)) return { during: badRequest };
  return { during: (live) => badEvent(live, key), poisonKeys: [key], allowed: { stuck: 'any' } };
}

/** Where modules call each other, what nobody can read can only come from outside. */
async function badRequest(live: Live): Promise<void> {
  await live.at(AT_S);
  await live.fault(
    'a request nobody can read',
    async () => {
      const { status, body } = await live.client.send('POST', '/orders', { userId: 'nobody', lines: [] });
      return status === 422 || status === 400 ? `answered ${status} ${String(body.code)}` : undefined;
    },
    () => Promise.resolve(),
  );
}

/** As a release with a mistake would have announced it: in the outbox, under a key of its own. */
async function badEvent(live: Live, key: string): Promise<void> {
  await live.at(AT_S);
  const client = new pg.Client({ connectionString: live.databaseUrl });
  await client.connect();
  try {
    await live.fault(
      'an event nobody can read',
      async () => {
        await client.query(
          `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
           VALUES (gen_random_uuid(), 'order.placed', 1, 'orders', $1, 1, '{"not":"an order"}', '{}')`,
          [key],
        );
        let parked = 0;
        await live.until(async () => {
          const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM parked WHERE key = $1', [
            key,
          ]);
          return (parked = rows[0]!.n) > 0;
        }, PARKED_MS);
        return parked > 0 ? `parked under the key ${key}` : undefined;
      },
      () => Promise.resolve(),
    );
  } finally {
    await client.end();
  }
}

function bit(runs: readonly Run[]): Finding {
  const evidence = runs.flatMap(({ block }) => block.faults.map((fault) => fault.evidence));
  const stuck = runs.reduce((sum, { block }) => sum + (block.anomalies.stuck ?? 0), 0);
  const observed = `${evidence.join(', ') || 'no evidence'}; ${stuck} deliveries wait for a person`;
  return { observed, came: evidence.length > 0 && evidence.every(Boolean) ? true : undefined };
}
