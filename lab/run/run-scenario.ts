import { Problem } from '../../local/problem.js';
import type { Progress } from '../../local/progress.js';
import { type ArmName, ARMS } from '../model/arm.js';
import type { Prediction } from '../model/run-result.js';
import type { Given, Judgement, Scenario } from '../scenarios/scenario.js';
import { LEAST_ACHIEVED } from '../statistics/index.js';
import type { Bench, Opened, Run } from './bench.js';
import type { BlockSpec } from './block-spec.js';
import type { Loaded } from './load-block.js';
import type { Options } from './options.js';
import type { Outcome } from './outcome.js';
import { waterfallsOf } from './waterfall.js';

/** So many blocks in a row that did not get their load even the second time, or not done: the machine cannot do it. */
const MOST_SHORT = 2;

/** One scenario of a run, while it runs. */
class Playing {
  readonly runs: Run[] = [];
  /** What was to be run, also when it was not. */
  readonly specs: BlockSpec[] = [];
  readonly notes: string[] = [];
  private readonly began = performance.now();
  private short = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly bench: Bench,
    private readonly outcome: Outcome,
    private readonly budgetS: number,
  ) {}

  get tookS(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** Runs all blocks, as far as the budget lets; a block that cannot be run is noted, and the others are. */
  async play(given: Given, isTimed: boolean, detail: (text: string) => void): Promise<void> {
    const groups = await this.scenario.blocks(given);
    this.specs.push(...groups.flat());
    let longestS = 0;
    let opening = this.open(groups[0] ?? []);
    try {
      for (const [index, group] of groups.entries()) {
        if (isTimed && index > 0 && this.tookS + longestS > this.budgetS) {
          this.notes.push(`${groups.length - index} blocks were left out to keep the budget of ${this.budgetS} s.`);
          return;
        }
        const fromS = this.tookS;
        detail(`${group.map(({ arm }) => arm.name).join(' and ')}, block ${index + 1} of ${groups.length}`);
        const loaded = await Promise.all((await opening).map(async (one) => ({ one, loaded: await this.load(one) })));
        this.bench.stopping.throwIfAborted();
        // The next shop becomes warm while this one is judged: neither is measured meanwhile.
        opening = this.open(groups[index + 1] ?? []);
        await Promise.all(loaded.map(({ one, loaded }) => this.conclude(one, loaded)));
        this.bench.stopping.throwIfAborted();
        if (this.outcome.brokenOff) return;
        longestS = Math.max(longestS, this.tookS - fromS);
      }
    } finally {
      await Promise.all((await opening).map((one) => this.bench.close(one)));
    }
  }

  private async open(group: readonly BlockSpec[]): Promise<Opened[]> {
    const opened = await Promise.all(group.map((spec) => this.orFail(spec, this.bench.open(spec))));
    return opened.filter((one) => one !== undefined);
  }

  private load(opened: Opened): Promise<Loaded | undefined> {
    return this.orFail(opened.spec, this.bench.load(opened));
  }

  private async conclude(opened: Opened, loaded: Loaded | undefined): Promise<void> {
    const run = loaded && (await this.orFail(opened.spec, this.bench.conclude(opened, loaded)));
    if (!run) return;
    this.runs.push(run);
    const { valid, achievedRate, plannedRate } = run.block;
    this.short = valid ? 0 : this.short + 1;
    if (this.short !== MOST_SHORT) return;
    const does =
      achievedRate < plannedRate * LEAST_ACHIEVED ? `sends only ${Math.floor(achievedRate)} of` : 'cannot do';
    this.outcome.breakOff(`This machine ${does} ${plannedRate} orders/s: use a lower --rate.`);
  }

  /** A block that cannot be run is noted, and the others are run. */
  private async orFail<T>({ arm }: BlockSpec, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (this.bench.stopping.aborted) return undefined;
      const { message, code, stack } = error as Error & { code?: string };
      if (code === 'history_not_writable' || code === 'ENOSPC') this.outcome.breakOff(message);
      this.notes.push(`A block of ${arm.name} could not be run: ${message}`);
      if (!(error instanceof Problem)) this.notes.push(String(stack?.split('\n')[1]?.trim()));
      return undefined;
    }
  }
}

/** Runs the blocks of a scenario in its time and lets it judge them; false when none of its arms can run. */
export async function runScenario(
  scenario: Scenario,
  bench: Bench,
  outcome: Outcome,
  options: Options,
  progress: Progress,
  budgetS: number,
): Promise<boolean> {
  const arms = scenario.arms.filter((arm) => outcome.canRun(arm) && (options.arms?.includes(arm) ?? true));
  if (arms.length === 0) return false;
  const folder = bench.stage.home;
  const isTimed = options.scenarios.length === 0;
  const given: Given = {
    ...options,
    arms: arms.map((name) => ARMS[name]),
    isShort: isTimed && options.tier === 'quick' && !options.arms,
    folder,
    stopping: bench.stopping,
  };
  const playing = new Playing(scenario, bench, outcome, budgetS);
  try {
    await progress.during(`${scenario.id} ${scenario.title}`, (detail) => playing.play(given, isTimed, detail));
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
      predictions: [...judgement.predictions, ...unknown(arms, playing, judgement.predictions)],
      comparisons: judgement.comparisons ?? [],
      blocks: runs.map(({ block }) => block.id),
      notes: [...(judgement.notes ?? []), ...remarks, ...playing.notes],
      curves: judgement.curves ?? [],
    });
  }
  return true;
}

/** An arm that was to run, and of which nobody can say anything. */
function unknown(arms: readonly ArmName[], { specs, runs }: Playing, judged: readonly Prediction[]): Prediction[] {
  const missing = new Set(specs.length > 0 ? specs.map(({ arm }) => arm.name) : arms);
  for (const { arm } of judged) missing.delete(arm);
  return [...missing].map((arm) => {
    const because = runs.find(({ block }) => block.arm === arm)?.block.invalidBecause;
    return { arm, predicted: '', observed: because ?? 'No block of it has ended.', outcome: 'unknown' };
  });
}
