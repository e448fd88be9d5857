import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { settingsOf } from '../../lab/arms/settings.js';
import type { Shop } from '../../lab/arms/shop.js';
import { Stage } from '../../lab/arms/stage.js';
import { killBroker } from '../../lab/faults/broker.js';
import { planOrders } from '../../lab/load/arrivals.js';
import { drive } from '../../lab/load/drive.js';
import { Recorder, Sequence } from '../../lab/load/recorder.js';
import { ARMS } from '../../lab/model/arm.js';
import { HistoryWriter } from '../../lab/model/history-file.js';
import type { PlannedBlock } from '../../lab/model/plan.js';
import type { Anomaly, Invariant } from '../../lab/model/run-result.js';
import { readLag } from '../../lab/observe/topics.js';
import { judgeBlock, settle, type Judged } from '../../lab/run/judge-block.js';
import { Live } from '../../lab/run/live.js';
import type { Progress } from '../../local/progress.js';
import { watch } from '../chaos/left-behind.js';
import { build } from '../support/built.js';
import { buildMutant } from '../support/mutant.js';

const LIMIT_MS = 180_000;
const DEATH_MS = 20_000;
const QUIET_MS = 60_000;
/** A busy machine is no shop that does not answer. */
const PATIENCE_MS = 30_000;
const RATE = 40;
const SECONDS = 1;
/** Longer than a producer goes on by itself. */
const OUTAGE_S = 4;
/** The event of a second one might be lost, and every mail to him would wait for it. */
const USERS = 1;
const SILENT: Pick<Progress, 'during'> = { during: (_sentence, work) => work(() => undefined) };

/** One process charges; the other does all else, and has all its guards. */
const FRONT = { SUBSCRIBERS: 'shipping,orders,notifications,contacts,analytics,cache', CACHE: 'off' };
const BILLING = { ROLES: 'subscribers', SUBSCRIBERS: 'billing', CACHE: 'off' };

interface Scene {
  live: Live;
  /** Of the shop without a guard. */
  main?: string;
  /** Sends the orders. */
  order(): Promise<unknown>;
}

async function load({ live, order }: Scene): Promise<void> {
  await live.customers.register(USERS);
  await order();
}

interface Trial {
  faults: number;
  play(scene: Scene): Promise<unknown>;
}

const withoutFault: Trial = {
  faults: 0,
  play: async (scene) => {
    await scene.live.start({}, scene.main);
    await load(scene);
  },
};

/** Beside the one that serves. */
async function startBilling({ live, main }: Scene, failpoints?: string): Promise<Shop> {
  const billing = await live.start({ ...BILLING, ...(failpoints && { FAILPOINTS: failpoints }) }, main);
  live.retire(billing);
  return billing;
}

const billingDies = (failpoints: string): Trial => ({
  faults: 1,
  play: async (scene) => {
    const { live } = scene;
    const [, doomed] = await Promise.all([live.start(FRONT), startBilling(scene, failpoints)]);
    await load(scene);
    await live.fault(
      failpoints,
      async () => ((await live.until(() => !doomed.alive, DEATH_MS)) ? `process ${doomed.pid} ended` : undefined),
      () => startBilling(scene),
    );
  },
});

const allHeard = async ({ kafka }: Live) => [...(await readLag(kafka!)).lag.values()].every((behind) => behind === 0);

/** The first array of each partition is never said to be there, and what comes behind it is not sent. */
const diesBeforeItSends: Trial = {
  faults: 1,
  play: async (scene) => {
    const { live, main } = scene;
    await live.start({ FAILPOINTS: 'relay.after-acknowledgement:delay=600000' }, main);
    await load(scene);
    await live.fault(
      'kill -9',
      async () => {
        // Else a mail may be on its way, which has no key.
        if (!(await live.until(() => allHeard(live), QUIET_MS))) return undefined;
        await live.shop.kill9();
        return `process ${live.shop.pid} ended`;
      },
      () => live.startAgain({}, main),
    );
  },
};

const brokerAway: Trial = {
  faults: 1,
  play: async ({ live, main, order }) => {
    await live.start({}, main);
    await live.customers.register(USERS);
    await settle(live, QUIET_MS);
    await Promise.all([order(), killBroker(live, OUTAGE_S)]);
  },
};

/** What is taken away, what shows it, the only kind of anomaly that may appear, and the invariants that are broken. */
const TRIALS: [mutant: string, Trial, Anomaly, Invariant[]][] = [
  ['mutants/inbox-mark-off', billingDies('effect.after-commit:kill@3'), 'twice', ['I3']],
  ['mutants/delete-before-publish', diesBeforeItSends, 'lost', ['I2', 'I5']],
  ['mutants/random-key', withoutFault, 'reordered', ['I5']],
  ['chaos/offset-before-handler', billingDies('effect.before-commit:kill@3'), 'lost', ['I2', 'I8']],
  [
    'mutants/handler-error-swallowed',
    billingDies('delivery.before-handler:throw,offset.after-commit:kill@1'),
    'lost',
    ['I2', 'I8'],
  ],
  ['mutants/failed-array-dropped', brokerAway, 'lost', ['I2', 'I5']],
];

describe('the checker of the lab', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-checker-'));
  const stopping = new AbortController();
  const history = new HistoryWriter(folder);
  const sequence = new Sequence();
  let stage: Stage | undefined;
  let watched: (() => void) | undefined;
  let blocks = 0;

  beforeAll(async () => {
    fs.chmodSync(folder, 0o755); // root starts PostgreSQL as another user, who has to come through here
    fs.mkdirSync(path.join(folder, 'logs'));
    build();
    watched = watch(folder);
    await Stage.build(path.join(folder, 'servers'), SILENT as Progress, true, (built) => (stage = built));
  }, LIMIT_MS);
  afterAll(async () => {
    stopping.abort();
    await stage?.strike();
    history.close();
    watched?.();
    fs.rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  async function verdictOn({ faults, play }: Trial, main?: string): Promise<Judged> {
    const id = `bites-${++blocks}`;
    const place = { database: id.replace('-', '_'), topicPrefix: `${id}.`, folder };
    await stage!.makeDatabase(place.database);
    const env = { ...stage!.env(place.database, place.topicPrefix), PORT: '0' };
    const recorder = new Recorder(id, history, sequence);
    const live = new Live(
      { arm: ARMS.async, patienceMs: PATIENCE_MS },
      stage!,
      recorder,
      place,
      settingsOf(ARMS.async, env),
      stopping.signal,
    );
    const stretches = [{ rate: RATE, seconds: SECONDS }];
    live.orders = planOrders({ seed: 1, pair: id, block: id, stretches, spacing: 'constant', users: USERS });
    const order = async () => {
      live.loadMs = recorder.mark('load');
      const visit = live.customers.place.bind(live.customers);
      await drive(live.orders, live.loadMs, SECONDS * 1000, visit, stopping.signal);
    };
    try {
      recorder.mark('start');
      await play({ live, main, order });
      // What is still under way is not lost yet.
      const unsettled = await settle(live, QUIET_MS);
      if (unsettled) throw unsettled;
      const planned: PlannedBlock = {
        id,
        scenario: 'bites',
        arm: 'async',
        pair: 1,
        plannedRate: RATE,
        planned: live.orders.length,
        poisonKeys: [],
        allowed: {},
        expectsFaults: faults,
      };
      return await judgeBlock(folder, planned, live, new Set());
    } finally {
      await live.end();
    }
  }

  /** Whether the schedule was kept is a matter of the machine. */
  const broken = ({ checks }: Judged) =>
    checks.filter(({ invariant, verdict }) => invariant !== 'I12' && verdict !== 'PASS');

  it.each(TRIALS)(
    'finds nothing when no guard is taken away, under the faults that show %s',
    async (_, trial) => {
      const verdict = await verdictOn(trial);
      expect(broken(verdict)).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each(TRIALS)(
    '%s breaks exactly the invariants that speak of it',
    async (mutant, trial, anomaly, invariants) => {
      const main = buildMutant(`${mutant}.patch`, fs.mkdtempSync(path.join(folder, 'tree-')));
      const verdict = await verdictOn(trial, main);
      expect(Object.keys(verdict.anomalies)).toEqual([anomaly]);
      expect(broken(verdict).map(({ invariant }) => invariant)).toEqual(invariants);
    },
    LIMIT_MS,
  );
});
