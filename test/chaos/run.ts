import path from 'node:path';
import { projectRoot } from '../../local/folders.js';
import { drawRoles, type RolePlan } from './fleet.js';
import { Random } from './random.js';
import { schedule } from './schedule.js';
import { Stage } from './stage.js';
import { storm, type Aftermath, type ChaosMode } from './storm.js';

const RECOVERY_MS = 120_000;
/** A lane that failed often is due again after at most 60 s, and a dead owner's lease lasts 24 s. */
const SETTLED_MS = 300_000;
const POISONS = 3;

export interface Settings {
  seed: number;
  faults: number;
  brokers: number;
  mode: ChaosMode;
  ordersPerSecond: number;
}

export interface Outcome extends Aftermath {
  settings: Settings;
  /** Milliseconds since 1970. */
  began: number;
  ended: number;
  processes: readonly RolePlan[];
  /** Where logs and data are, when they were kept. */
  folder?: string;
}

/** One run, from the first server to the verdict. Nothing of it is left running, whatever happens. */
export async function run(
  settings: Settings,
  say: (sentence: string) => void,
  stopping: AbortSignal,
): Promise<Outcome> {
  const { seed, faults, brokers, mode, ordersPerSecond } = settings;
  const random = new Random(seed);
  const roles = drawRoles(random.fork());
  const began = Date.now();
  let stage: Stage | undefined;
  let good = false;
  try {
    say('starting PostgreSQL, Kafka and the outside world');
    stage = await Stage.build(brokers, (built) => (stage = built));
    await stage.enter('shop');
    stopping.throwIfAborted();
    const plan = {
      mode,
      program: path.join(projectRoot(), 'dist', 'src', 'main.js'),
      roles,
      habits: { ordersPerSecond, registers: 0.05, declined: 0.05, cancels: 0.1 },
      waves: schedule(seed, faults),
      // The control passes over what it cannot read.
      poisons: mode === 'async' ? POISONS : 0,
      recoveryMs: mode === 'async' ? RECOVERY_MS : 5000,
      settledMs: SETTLED_MS,
    };
    const aftermath = await storm(stage, plan, random.fork(), say, stopping);
    good = aftermath.stuck.length === 0 && aftermath.verdict.findings.length === 0;
    const folder = good || mode !== 'async' ? undefined : stage.dir;
    return { ...aftermath, settings, began, ended: Date.now(), processes: roles, folder };
  } finally {
    // A control that loses events, and a run that was stopped, are no reason to keep anything.
    await stage?.strike(!good && mode === 'async' && !stopping.aborted);
  }
}
