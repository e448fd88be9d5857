import { mean } from 'simple-statistics';
import { ARM_NAMES, type ArmName } from '../model/arm.js';
import type { RunResult } from '../model/run-result.js';
import { bootstrapMean, differenceOfShares, metricOf } from '../statistics/index.js';
import { blocksOf, HEADLINE_ROWS, type RowSpec } from './headline-rows.js';

/** One cell of the headline in two runs. */
export interface Change {
  metric: string;
  arm: ArmName;
  before: string;
  after: string;
  /** `unknown`: one of the runs has a single block, which says nothing about the next. */
  kind: 'better' | 'worse' | 'same' | 'unknown';
}

export interface Difference {
  changes: Change[];
  /** Scenarios whose outcome is another: `S5 async: as predicted → surprise`. */
  outcomes: string[];
  /** Why the two are not quite alike: another machine, another commit, another rate. */
  unlike: string[];
}

type Measured = RowSpec & { kind: 'measured' };

/** The logarithms of a time or a cost, one for each block. */
const logsOf = (run: RunResult, spec: Measured, arm: ArmName): number[] =>
  blocksOf(spec, run.blocks)
    .filter((block) => block.arm === arm)
    .flatMap((block) => metricOf(block, spec.of) ?? [])
    .map((value) => Math.log(Math.max(value, 0.5)));

/** All eight times and costs are better when they are less. A change is larger than both intervals and both noise floors. */
function changeOfMeasured(spec: Measured, a: RunResult, b: RunResult, arm: ArmName): Change['kind'] {
  const [before, after] = [logsOf(a, spec, arm), logsOf(b, spec, arm)];
  const [was, is] = [bootstrapMean(before, a.seed), bootstrapMean(after, b.seed)];
  if (!was || !is) return 'unknown';
  const noise = Math.log(Math.max(a.floor[spec.of]?.high ?? 1, b.floor[spec.of]?.high ?? 1));
  const change = mean(after) - mean(before);
  if (Math.abs(change) <= noise) return 'same';
  if (is.low > was.high) return 'worse';
  return is.high < was.low ? 'better' : 'same';
}

function kindOf(spec: RowSpec, a: RunResult, b: RunResult, arm: ArmName): Change['kind'] {
  if (spec.kind === 'measured') return changeOfMeasured(spec, a, b, arm);
  const [before, after] = [a, b].map((run) =>
    spec.count(blocksOf(spec, run.blocks).filter((block) => block.arm === arm)),
  );
  if (!before!.of || !after!.of) return 'unknown';
  if (spec.kind === 'never') {
    if (before!.some === 0 || after!.some === 0)
      return before!.some === after!.some ? 'same' : after!.some === 0 ? 'better' : 'worse';
    return 'same';
  }
  const { low, high } = differenceOfShares(after!, before!);
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'same';
}

function outcomesOf(a: RunResult, b: RunResult): string[] {
  return b.scenarios.flatMap(({ id, predictions }) =>
    predictions.flatMap(({ arm, outcome }) => {
      const before = a.scenarios.find((s) => s.id === id)?.predictions.find((p) => p.arm === arm)?.outcome;
      return before === undefined || before === outcome ? [] : [`${id} ${arm}: ${before} → ${outcome}`];
    }),
  );
}

function unlikeIn(a: RunResult, b: RunResult): string[] {
  const rate = (run: RunResult) => run.blocks.find(({ scenario }) => scenario === 'S0')?.plannedRate;
  const pairs: [string, unknown, unknown][] = [
    ['machine', a.env.machine, b.env.machine],
    ['cores', a.env.cores, b.env.cores],
    ['commit', a.commit, b.commit],
    ['seed', a.seed, b.seed],
    ['tier', a.tier, b.tier],
    ['rate', rate(a) ?? 'not run', rate(b) ?? 'not run'],
    ['PostgreSQL', a.env.postgres, b.env.postgres],
    ['Kafka', a.env.kafka ?? 'none', b.env.kafka ?? 'none'],
    ['complete', a.complete ? 'yes' : 'no', b.complete ? 'yes' : 'no'],
  ];
  return pairs.flatMap(([what, before, after]) =>
    before === after ? [] : [`${what}: ${String(before)} → ${String(after)}`],
  );
}

/** What changed from one run to another, beyond the intervals of both; cells that one of them lacks are left out. */
export function diff(a: RunResult, b: RunResult): Difference {
  const changes = HEADLINE_ROWS.flatMap((spec) =>
    ARM_NAMES.flatMap((arm): Change[] => {
      const [before, after] = [a, b].map((run) => run.headline.find(({ id }) => id === spec.id)?.cells[arm]);
      if (before === undefined || after === undefined) return [];
      return [{ metric: spec.metric, arm, before, after, kind: kindOf(spec, a, b, arm) }];
    }),
  );
  return { changes, outcomes: outcomesOf(a, b), unlike: unlikeIn(a, b) };
}
