import type { Driven } from '../load/drive.js';
import { Draws } from '../load/random.js';
import type { Arm, ArmName } from '../model/arm.js';
import type { Allowed } from '../model/plan.js';
import { sendBatch } from '../run/batch.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Live } from '../run/live.js';
import { asAllowed, countOf, none, placedIn, prediction, runsOf, type Finding } from './judging.js';
import type { Scenario } from './scenario.js';
import type { Run } from '../run/bench.js';

const KILLS = { quick: 5, standard: 12 };
/** A life of a process ends at one of these commits of requests, so that something is always under way. */
const EARLIEST = 6;
const LATEST = 14;
/** More than a life needs: the last ones find nobody. */
const ORDERS_OF_A_LIFE = LATEST + 2;
/** A process that has been sent all orders of its life, and lives, has not met the fault. */
const DEATH_MS = 10_000;
const SETTLE_MS = 60_000;

/** A mail that had gone out when the process died, and was not noted yet, goes out again. */
const KEEPS: Allowed = { twice: 'any' };
const EXPECTED: Readonly<Record<ArmName, { says: string; allowed: Allowed; loses: boolean }>> = {
  sync: { says: '0 lost: order and effects are one transaction.', allowed: { ghost: 'any' }, loses: false },
  'sync-hardened': {
    says: 'What was made optional is lost with the process: mails and sale of each order under way; the rest is one transaction.',
    allowed: { lost: 'any', ghost: 'any' },
    loses: true,
  },
  'async-local': {
    says: '0 lost: what was announced is a row of the same transaction; a mail under way may go out twice.',
    allowed: KEEPS,
    loses: false,
  },
  async: {
    says: '0 lost: what was announced is a row of the same transaction; a mail under way may go out twice.',
    allowed: KEEPS,
    loses: false,
  },
  'sync-after-commit': {
    says: 'Control: the order is kept, the calls that were not made yet are lost.',
    allowed: { lost: 'any' },
    loses: true,
  },
  'async-dual-write': {
    says: 'Control: the order is kept, an event that was not sent yet is lost with all its effects.',
    allowed: { lost: 'any', reordered: 'any', twice: 'any' },
    loses: true,
  },
};

export const s5: Scenario = {
  id: 'S5',
  title: 'kill -9 between commit and call',
  question: 'What is lost when the process dies right after a commit?',
  arms: ['sync', 'sync-hardened', 'async-local', 'async', 'sync-after-commit', 'async-dual-write'],
  budgetS: { quick: 76, standard: 235 },
  quick: true,

  blocks({ arms, rate, seed, tier, kills = KILLS[tier] }) {
    const specs = arms.map((arm) => killing(arm, rate, seed, kills));
    // Nothing but what is lost is read from these blocks: two at a time do not disturb each other.
    return Array.from({ length: Math.ceil(specs.length / 2) }, (_, pair) => specs.slice(2 * pair, 2 * pair + 2));
  },

  judge(runs, { arms }) {
    const predictions = arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (own.length === 0) return [];
      const { says, loses } = EXPECTED[name];
      return [
        prediction(name, says, [
          loses ? lost(own) : none(own, 'lost', killsIn(own), 'kills'),
          bit(own),
          asAllowed(own),
        ]),
      ];
    });
    const notes = arms.flatMap(({ name }) => ladder(runsOf(runs, name)));
    return { predictions, notes };
  },
};

function killing(arm: Arm, rate: number, seed: number, kills: number): BlockSpec {
  const draws = new Draws(seed, 'S5');
  const commits = Array.from({ length: kills }, () => draws.whole(EARLIEST, LATEST));
  return {
    scenario: 'S5',
    arm,
    pair: 0,
    stretches: [{ rate, seconds: (kills * ORDERS_OF_A_LIFE) / rate }],
    spacing: 'constant',
    users: 4,
    warmUp: 0,
    sharesMachine: true,
    driver: (live) => lives(live, commits, rate),
    settleMs: SETTLE_MS,
    allowed: EXPECTED[arm.name].allowed,
    expectsFaults: kills,
  };
}

/** Each process carries the order to die at one of its next commits; the one after the last kill may live. */
async function lives(live: Live, commits: readonly number[], rate: number): Promise<Driven> {
  await live.shop.stop();
  const delaysMs: number[] = [];
  for (const [life, commit] of commits.entries()) {
    const shop = await live.startAgain({ FAILPOINTS: `request.after-commit:kill@${commit}` });
    const orders = live.orders.slice(life * ORDERS_OF_A_LIFE, (life + 1) * ORDERS_OF_A_LIFE);
    live.recorder.fault('kill -9', 'start');
    delaysMs.push(...(await sendBatch(live, orders, rate)));
    const died = await live.until(() => !shop.alive, DEATH_MS);
    live.recorder.fault('kill -9', 'stop', died ? `process ${shop.pid} died at its commit ${commit}` : undefined);
    await shop.kill9();
  }
  await live.startAgain();
  return { sentInTime: live.orders.length, delaysMs };
}

const killsIn = (runs: readonly Run[]): number => runs.reduce((sum, { block }) => sum + block.faults.length, 0);

function lost(runs: readonly Run[]): Finding {
  const [count, kills] = [countOf(runs, 'lost'), killsIn(runs)];
  const observed = `${count} effects lost in ${kills} kills of ${placedIn(runs)} orders`;
  return { observed: count > 0 ? observed : `${observed}: the fault did not bite`, came: count > 0 };
}

function bit(runs: readonly Run[]): Finding {
  const [kills, planned] = [
    runs.reduce((sum, { block }) => sum + block.faults.filter(({ evidence }) => evidence).length, 0),
    killsIn(runs),
  ];
  return {
    observed: `${kills} of ${planned} kills left evidence`,
    came: kills === planned && planned > 0 ? true : undefined,
  };
}

function ladder(runs: readonly Run[]): string[] {
  const witness = runs.flatMap(({ block }) => block.witnesses).find(({ anomaly }) => anomaly === 'lost');
  return witness ? [`${runs[0]!.block.arm}: ${witness.effect} of ${witness.orderId} is lost: ${witness.culprit}`] : [];
}
