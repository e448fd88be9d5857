import { collect } from './collector.js';
import { Fleet, type RolePlan } from './fleet.js';
import { inflict, type Inflicted } from './inflict.js';
import { judge, type Verdict } from './judge.js';
import { Load, type Habits } from './load.js';
import type { Observations } from './observations.js';
import { poison } from './poison.js';
import type { Random } from './random.js';
import type { Wave } from './schedule.js';
import type { Stage } from './stage.js';

const READY_MS = 60_000;
const TOPICS = ['users', 'orders', 'billing', 'shipping', 'dead-letters'];
/** Lanes of the two owners that a group has here. */
const LANES = 2 * 16;

export type ChaosMode = 'async' | 'async-dual-write';

/** What is done to a shop, and which one. */
export interface Plan {
  mode: ChaosMode;
  /** The built main.js. */
  program: string;
  roles: readonly RolePlan[];
  habits: Habits;
  waves: readonly Wave[];
  /** How many unreadable records lie in a topic. */
  poisons: number;
  /** For how long an order may take after a wave is healed. */
  recoveryMs: number;
  /** For how long all may take to be settled in the end. */
  settledMs: number;
}

export interface FaultOutcome extends Inflicted {
  /** From the heal of its wave until an order that was placed then was shipped; undefined: it was not. */
  recoveryMs?: number;
}

export interface Aftermath {
  faults: FaultOutcome[];
  /** Sentences about what did not come back; empty when all did. */
  stuck: string[];
  /** Processes that ended although nobody had ended them. */
  crashes: number;
  verdict: Verdict;
  seen: Observations;
}

/** Starts a shop on the stage, breaks it wave by wave under load, waits until it is settled, and judges it. */
export async function storm(
  stage: Stage,
  plan: Plan,
  random: Random,
  say: (sentence: string) => void,
  stopping: AbortSignal,
): Promise<Aftermath> {
  const fleet = await Fleet.gather(plan, stage.env, stage.dir);
  const load = new Load(fleet.doing('api'), random, plan.habits);
  try {
    fleet.start();
    await fleet.ready(READY_MS, stopping);
    await load.start();
    const poisoned = await poison(stage.brokerAddresses, `${stage.topicPrefix}orders`, plan.poisons);
    const { faults, stuck } = await disturb(plan, stage, fleet, load, say, stopping);
    const places = {
      databaseUrl: stage.databaseUrl,
      brokers: stage.brokerAddresses,
      ledgerUrl: stage.standIns.mailboxUrl,
      topics: TOPICS,
      topicPrefix: stage.topicPrefix,
    };
    const seen = await collect(places, { ...load.told, poisoned, faults, lanes: LANES });
    return { faults, stuck, crashes: fleet.crashes, verdict: judge(seen), seen };
  } finally {
    load.abandon();
    await fleet.kill();
  }
}

async function disturb(
  { mode, waves, recoveryMs: limitMs, settledMs }: Plan,
  stage: Stage,
  fleet: Fleet,
  load: Load,
  say: (sentence: string) => void,
  stopping: AbortSignal,
): Promise<{ faults: FaultOutcome[]; stuck: string[] }> {
  const faults: FaultOutcome[] = [];
  const stuck: string[] = [];
  const remember = (error: unknown) => {
    stopping.throwIfAborted();
    stuck.push((error as Error).message);
  };
  const count = waves.flat().length;
  for (const wave of waves) {
    say(`${faults.length} of ${count} faults: now ${wave.map(({ kind }) => kind).join(' + ')}`);
    const done = await allDone(wave.map((fault) => inflict(fault, stage, fleet, stopping)));
    const recoveryMs = await load.probe(limitMs, stopping).catch((error: unknown) => {
      // A control loses the very order that would show its recovery.
      if (mode === 'async') remember(error);
      else stopping.throwIfAborted();
      return undefined;
    });
    faults.push(...done.map((fault) => ({ ...fault, recoveryMs })));
  }
  say('all faults are healed: waiting until everything is settled');
  await load.stop();
  await fleet.ready(READY_MS, stopping).catch(remember);
  await fleet.settled(settledMs, stopping).catch(remember);
  return { faults, stuck };
}

/** Waits for all, also when one has failed: what still starts a server would leave it behind. */
async function allDone<T>(work: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
