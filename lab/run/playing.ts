import { Problem } from '../../local/problem.js';
import type { Given, Scenario } from '../scenarios/scenario.js';
import { LEAST_ACHIEVED } from '../statistics/index.js';
import type { Bench, Opened, Run } from './bench.js';
import type { BlockSpec } from './block-spec.js';
import type { Loaded } from './load-block.js';
import type { Outcome } from './outcome.js';

/** So many blocks in a row that did not get their load even the second time, or not done: the machine cannot do it. */
const MOST_SHORT = 2;

type Groups = readonly (readonly BlockSpec[])[];

export interface Play {
  budgetS: number;
  detail: (text: string) => void;
  /** Called when the last load is over, and nothing is measured any more. */
  onLoaded: () => void;
}

/** One scenario of a run, while it runs. */
export class Playing {
  readonly runs: Run[] = [];
  /** What was to be run, also when it was not. */
  readonly specs: BlockSpec[] = [];
  readonly notes: string[] = [];
  private groups: Promise<Groups> | undefined;
  private opening: Promise<Opened[]> = Promise.resolve([]);
  private began = performance.now();
  private short = 0;

  constructor(
    readonly scenario: Scenario,
    readonly given: Given,
    readonly bench: Bench,
    private readonly outcome: Outcome,
    readonly isTimed: boolean,
  ) {}

  get tookS(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** Lets the first shops become warm: a scenario before this one is judged meanwhile, and none is measured. */
  begin(): void {
    if (this.groups) return;
    this.groups = Promise.resolve(this.scenario.blocks(this.given));
    this.opening = this.groups.then((groups) => this.open(groups[0] ?? []));
    this.opening.catch(() => undefined);
  }

  /** Ends shops that were opened and never got their load. */
  async end(): Promise<void> {
    const opened = await this.opening.catch(() => []);
    this.opening = Promise.resolve([]);
    await Promise.all(opened.map((one) => this.bench.close(one)));
  }

  /** Runs all blocks, as far as the budget lets; a block that cannot be run is noted, and the others are. */
  async play({ budgetS, detail, onLoaded }: Play): Promise<void> {
    this.began = performance.now();
    this.begin();
    try {
      const groups = await this.groups!;
      this.specs.push(...groups.flat());
      for (const [index, group] of groups.entries()) {
        const fromS = this.tookS;
        detail(`${group.map(({ arm }) => arm.name).join(' and ')}, block ${index + 1} of ${groups.length}`);
        const loaded = await Promise.all(
          (await this.opening).map(async (one) => ({ one, loaded: await this.load(one) })),
        );
        this.bench.stopping.throwIfAborted();
        // As long as this one, or it does not begin: a shop that is opened for nothing costs the others their time.
        const isLate = this.isTimed && 2 * this.tookS - fromS > budgetS;
        const left = groups.length - index - 1;
        // The next shop becomes warm while this one is judged: neither is measured meanwhile.
        this.opening = isLate ? Promise.resolve([]) : this.open(groups[index + 1] ?? []);
        if (left === 0 || isLate) onLoaded();
        await Promise.all(loaded.map(({ one, loaded }) => this.conclude(one, loaded)));
        this.bench.stopping.throwIfAborted();
        if (this.outcome.brokenOff) return;
        if (left > 0 && isLate) {
          this.notes.push(`${left} blocks were left out to keep the budget of ${budgetS} s.`);
          return;
        }
      }
    } finally {
      await this.end();
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
