import fs from 'node:fs';
import path from 'node:path';
import { homeFolder } from '../../local/folders.js';
import { takeLock } from '../../local/lock.js';
import { Problem } from '../../local/problem.js';
import type { Progress } from '../../local/progress.js';
import { Stage } from '../arms/stage.js';
import { HistoryWriter } from '../model/history-file.js';
import { SCENARIOS } from '../scenarios/all.js';
import type { Scenario } from '../scenarios/scenario.js';
import { Bench } from './bench.js';
import type { Options } from './options.js';
import { Outcome } from './outcome.js';
import type { Playing } from './playing.js';
import { runScenario, toPlay } from './run-scenario.js';

export interface Comparing {
  options: Options;
  command: string;
  progress: Progress;
  stopping: AbortSignal;
  /** Told what has come of a scenario as soon as it has ended. */
  onScenario: (outcome: Outcome, index: number) => void;
}

/** The scenarios of a run, in their order. */
export const chosenScenarios = ({ scenarios, tier }: Options): Scenario[] =>
  SCENARIOS.filter(({ id, quick }) => (scenarios.length > 0 ? scenarios.includes(id) : quick || tier === 'standard'));

/**
 * Runs the scenarios, one after the other, on servers of its own, and leaves none of them running. What was measured
 * before a Ctrl-C or a full disk is kept in the outcome, which says that it is incomplete.
 * @throws Problem when nothing could be measured at all.
 */
export async function comparing({ options, command, progress, stopping, onScenario }: Comparing): Promise<Outcome> {
  const home = path.join(homeFolder(), 'lab');
  fs.mkdirSync(home, { recursive: true });
  const lock = takeLock(path.join(home, 'compare.lock'));
  if (typeof lock === 'number')
    throw new Problem(
      'already_running',
      `Another npm run compare (process ${lock}) runs here: wait for it, or stop it.`,
    );
  const outcome = new Outcome(options, command, runFolder(home));
  const servers = path.join(home, 'servers');
  let stage: Stage | undefined;
  let history: HistoryWriter | undefined;
  let playings: Playing[] = [];
  try {
    history = new HistoryWriter(outcome.folder);
    const scenarios = chosenScenarios(options);
    await Stage.build(servers, progress, true, (built) => (stage = built));
    await outcome.staged(stage!);
    const say = (sentence: string) => progress.say(sentence);
    const bench = new Bench(stage!, outcome, history, options.seed, stopping, say);
    // What one leaves of its time the next may use, and what one takes too much the next lacks: the sum is kept.
    let spareS = 0;
    playings = scenarios.flatMap((scenario) => toPlay(scenario, bench, outcome, options) ?? []);
    for (const [index, playing] of playings.entries()) {
      const budgetS = Math.round(playing.scenario.budgetS[options.tier] + spareS);
      await runScenario(playing, budgetS, outcome, progress, () => playings[index + 1]?.begin());
      spareS = playing.isTimed ? budgetS - playing.tookS : 0;
      onScenario(outcome, outcome.scenarios.length - 1);
      if (stopping.aborted || outcome.brokenOff) break;
    }
    await outcome.finish();
  } catch (error) {
    if (!stopping.aborted && !(error instanceof Problem && outcome.scenarios.length > 0)) throw error;
    outcome.breakOff(stopping.aborted ? STOPPED : (error as Problem).message);
    await outcome.finish();
  } finally {
    if (stopping.aborted) outcome.breakOff(STOPPED);
    await progress.during('Stopping everything', async () => {
      await Promise.all(playings.map((playing) => playing.end()));
      await stage?.strike();
    });
    history?.close();
    lock();
  }
  return outcome;
}

const STOPPED = 'it was stopped with Ctrl-C';

function runFolder(home: string): string {
  const folder = path.join(home, 'runs', new Date().toISOString().replaceAll(/[:.]/g, '-'));
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}
