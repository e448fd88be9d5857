import { ARMS, callsDirectly } from '../model/arm.js';
import os from 'node:os';
import { queueWaitMs } from '../predictions/formulas.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Run } from '../run/bench.js';
import {
  acceptedIn,
  allAccepted,
  asAllowed,
  middle,
  ms,
  none,
  placedIn,
  prediction,
  runsOf,
  type Finding,
} from './judging.js';
import { interleaved } from './order-of-blocks.js';
import type { Scenario } from './scenario.js';

const TIMES = 5;
const BURST_S = 3;
const CALM_S = 3;
const PATIENCE_MS = 5_000;

/** Part of an order's cost falls while many come together: the last one may wait so much less. */
const LEAST_OF_FORMULA = 0.5;
const OFF_MS = 500;

const CALLS =
  'Whoever comes in the burst waits until all before him are done, or stops waiting; who came before it is served';
const EVENTS =
  'The work waits in the outbox, and nobody for it: the answers take no longer than with calls; the effects are not there sooner, and the backlog is gone before as many orders have come again';

export const s15: Scenario = {
  id: 'S15',
  title: 'burst',
  question: `What does ${TIMES} times the load for ${BURST_S} s do?`,
  arms: ['sync', 'sync-hardened', 'async-local', 'async'],
  budgetS: { quick: 90, standard: 90 },
  quick: false,

  blocks: ({ arms, rate, seed }) =>
    interleaved(arms, 1, seed, 'S15').map(({ arm, pair }): [BlockSpec] => [
      {
        scenario: 'S15',
        arm,
        pair,
        stretches: [
          { rate, seconds: CALM_S },
          { rate: TIMES * rate, seconds: BURST_S },
          { rate, seconds: CALM_S },
        ],
        patienceMs: PATIENCE_MS,
        settleMs: 60_000,
        allowed: callsDirectly(arm) ? { ghost: 'any' } : {},
      },
    ]),

  judge: (runs, { arms, rate }) => ({
    predictions: arms.flatMap(({ name }) => {
      const own = runsOf(runs, name);
      if (!own[0]) return [];
      const calls = callsDirectly(ARMS[name]);
      const says = `${calls ? CALLS : EVENTS}. ${formulaOf(own[0], rate)}`;
      const findings = calls
        ? [before(own), waits(own, rate, slowestAnswers(own), PATIENCE_MS)]
        : [allAccepted(own), waits(own, rate, middle(own, 'effectsMaxMs')), drains(own), ...againstCalls(own, runs)];
      return [prediction(name, says, [...findings, none(own, 'lost', placedIn(own)), asAllowed(own)])];
    }),
  }),
};

function before(runs: readonly Run[]): Finding {
  const early = runs.flatMap(({ purchases, live }) =>
    purchases.filter(({ doneMs }) => doneMs < live.loadMs + CALM_S * 1000),
  );
  const good = early.filter(({ outcome }) => outcome === 'ok').length;
  return {
    observed: `accepted ${acceptedIn(runs)} of ${placedIn(runs)}, before the burst ${good} of ${early.length}`,
    came: early.length === 0 ? undefined : good === early.length,
  };
}

/** Orders a second that one process, on all processors of the host, can do when each costs what it has cost here. */
function capacityOf({ block: { metrics } }: Run): number | undefined {
  const { shopCpuMsPerOrder, cpuMsPerOrder, acceptedShare } = metrics;
  if (!shopCpuMsPerOrder || !cpuMsPerOrder || !acceptedShare) return undefined;
  // Who has stopped waiting has cost as much as who was served.
  return Math.min(1000 / shopCpuMsPerOrder, (1000 * os.availableParallelism()) / cpuMsPerOrder) / acceptedShare;
}

/** For how long the last one of the burst waits; the queue is a fluid, and empty when the burst begins. */
function waitOf(run: Run, rate: number): number | undefined {
  const capacity = capacityOf(run);
  return capacity && queueWaitMs(TIMES * rate, capacity, BURST_S);
}

function formulaOf(run: Run, rate: number): string {
  const [capacity, wait] = [capacityOf(run), waitOf(run, rate)];
  if (!capacity || wait === undefined) return 'What an order costs is not known here.';
  return `At what an order costs, ${Math.round(capacity)} orders/s can be done of ${TIMES * rate}: the last of the burst waits ${ms(wait)} or more.`;
}

/** The slowest second of a block, in the middle of all blocks. */
function slowestAnswers(runs: readonly Run[]): number | undefined {
  const worst = runs.map(({ block }) => Math.max(0, ...block.seconds.map(({ ackP95Ms }) => ackP95Ms ?? 0)));
  return worst.sort((a, b) => a - b)[Math.floor((worst.length - 1) / 2)];
}

function waits(runs: readonly Run[], rate: number, seen: number | undefined, atMostMs = Infinity): Finding {
  const wait = runs[0] && waitOf(runs[0], rate);
  return {
    observed: `p95 of the slowest second ${ms(slowestAnswers(runs))}, last effects after ${ms(middle(runs, 'effectsMaxMs'))}`,
    came: seen === undefined || wait === undefined ? undefined : seen >= LEAST_OF_FORMULA * Math.min(wait, atMostMs),
  };
}

/** Else the shop cannot do twice what comes to it on a calm day, and a second burst would find the first. */
function drains(runs: readonly Run[]): Finding {
  const last = middle(runs, 'effectsMaxMs');
  const backlog = Math.max(...runs.flatMap(({ block }) => block.seconds.map((second) => second.backlog)));
  return {
    observed: `backlog up to ${backlog}`,
    came: last === undefined ? undefined : last <= (TIMES - 1) * BURST_S * 1000,
  };
}

/** Nothing to compare with where no design with calls was asked for. */
function againstCalls(own: readonly Run[], all: readonly Run[]): Finding[] {
  const calls = [runsOf(all, 'sync-hardened'), runsOf(all, 'sync')].find(({ length }) => length > 0);
  if (!calls) return [];
  const [answers, theirs] = [slowestAnswers(own)!, slowestAnswers(calls)!];
  const [effects, done] = [middle(own, 'effectsMaxMs'), middle(calls, 'effectsMaxMs')];
  const known = effects !== undefined && done !== undefined;
  return [
    {
      observed: `with calls ${ms(theirs)} and ${ms(done)}`,
      came: known ? answers <= theirs + OFF_MS && effects >= done - OFF_MS : undefined,
    },
  ];
}
