import { Problem } from '../../local/problem.js';
import type { Progress } from '../../local/progress.js';
import { ARMS } from '../model/arm.js';
import type { Prediction } from '../model/run-result.js';
import { inShort } from '../scenarios/order-of-blocks.js';
import type { Judgement, Scenario } from '../scenarios/scenario.js';
import type { Bench } from './bench.js';
import type { Options } from './options.js';
import type { Outcome } from './outcome.js';
import { Playing } from './playing.js';
import { waterfallsOf } from './waterfall.js';

/** A scenario with those of its arms that can run and were asked for; undefined when there is none. */
export function toPlay(scenario: Scenario, bench: Bench, outcome: Outcome, options: Options): Playing | undefined {
  const arms = scenario.arms.filter((arm) => outcome.canRun(arm) && (options.arms?.includes(arm) ?? true));
  if (arms.length === 0) return undefined;
  const named = arms.map((name) => ARMS[name]);
  const isTimed = options.scenarios.length === 0;
  // What was named is never left out.
  const isShort = isTimed && options.tier === 'quick' && !options.arms;
  const given = {
    ...options,
    arms: isShort ? inShort(named) : named,
    folder: bench.stage.home,
    stopping: bench.stopping,
  };
  return new Playing(scenario, given, bench, outcome, isTimed);
}

/** Runs the blocks of a scenario in its time and lets it judge them; `onLoaded` is called when nothing more is measured. */
export async function runScenario(
  playing: Playing,
  budgetS: number,
  outcome: Outcome,
  progress: Progress,
  onLoaded: () => void,
): Promise<void> {
  const { scenario, given, bench } = playing;
  try {
    await progress.during(`${scenario.id} ${scenario.title}`, (detail) => playing.play({ budgetS, detail, onLoaded }));
  } catch (error) {
    bench.stopping.throwIfAborted();
    playing.notes.push(`It could not be run: ${error instanceof Problem ? error.message : (error as Error).stack}`);
  } finally {
    const { runs } = playing;
    const judgement: Judgement = runs.length > 0 ? scenario.judge(runs, given, outcome.floor) : { predictions: [] };
    if (scenario.id === 'S0') outcome.waterfalls.push(...waterfallsOf(runs));
    const remarks = runs.flatMap(({ block, live }) => live.remarks.map((remark) => `${block.id}: ${remark}`));
    outcome.keep({
      id: scenario.id,
      title: scenario.title,
      question: scenario.question,
      budgetS,
      tookS: Math.round(playing.tookS * 10) / 10,
      predictions: [...judgement.predictions, ...unknown(playing, judgement.predictions)],
      comparisons: judgement.comparisons ?? [],
      blocks: runs.map(({ block }) => block.id),
      notes: [...(judgement.notes ?? []), ...remarks, ...playing.notes],
      curves: judgement.curves ?? [],
    });
  }
}

/** An arm that was to run, and of which nobody can say anything. */
function unknown({ given, specs, runs }: Playing, judged: readonly Prediction[]): Prediction[] {
  const missing = new Set((specs.length > 0 ? specs.map(({ arm }) => arm) : given.arms).map(({ name }) => name));
  for (const { arm } of judged) missing.delete(arm);
  return [...missing].map((arm) => {
    const because = runs.find(({ block }) => block.arm === arm)?.block.invalidBecause;
    return { arm, predicted: '', observed: because ?? 'No block of it has ended.', outcome: 'unknown' };
  });
}
