import type { ArmName } from '../model/arm.js';
import { METRICS, type Block, type Comparison, type MetricName, type RunResult } from '../model/run-result.js';
import { compare, differenceOfShares, metricOf, type Count } from '../statistics/index.js';
import { blocksOf, type RowSpec } from './headline-rows.js';

export type Ground = Pick<RunResult, 'blocks' | 'floor' | 'seed'>;
export interface RowVerdict {
  side: Comparison['verdict'] | 'not run';
  /** Left out where one of the two is 0: no ratio would mean anything. */
  comparison?: Comparison;
}

const ofArm = (blocks: readonly Block[], arm: ArmName) => blocks.filter((block) => block.arm === arm);

function judgeShares(first: Count, second: Count): Comparison['verdict'] {
  if (first.of === 0 || second.of === 0) return 'unknown';
  const { low, high } = differenceOfShares(first, second);
  if (low <= 0 && high >= 0) return 'no measurable difference';
  return low > 0 ? 'arm better' : 'against better';
}

/** One loss is no matter of chance, while none in n is: a design that lost nothing is better than one that lost. */
function judgeNever(first: Count, second: Count): Comparison['verdict'] {
  if (first.of === 0 || second.of === 0) return 'unknown';
  if (first.some === 0 || second.some === 0) {
    if (first.some === second.some) return 'no measurable difference';
    return first.some === 0 ? 'arm better' : 'against better';
  }
  const rate = ({ some, of }: Count): Count => ({ some: Math.min(some, of), of });
  const shares = judgeShares(rate(second), rate(first));
  return shares === 'arm better' || shares === 'against better' ? shares : 'no measurable difference';
}

/** Never is never: a time of 0 in all blocks of one arm, and of more in all of the other, needs no interval. */
function judgeMeasured(metric: MetricName, sides: [Block[], Block[]], comparison: Comparison): RowVerdict {
  const [mine, theirs] = sides.map((blocks) => blocks.flatMap((block) => metricOf(block, metric) ?? [])) as [
    number[],
    number[],
  ];
  if (![...mine, ...theirs].includes(0)) return { side: comparison.verdict, comparison };
  const zero = (values: number[]) => values.every((value) => value === 0);
  if (METRICS[metric].better === 'less' && zero(mine) && !theirs.includes(0)) return { side: 'arm better' };
  if (METRICS[metric].better === 'less' && zero(theirs) && !mine.includes(0)) return { side: 'against better' };
  return { side: comparison.verdict };
}

/** How one arm does against another in a row of the headline. */
export function rowVerdict(spec: RowSpec, run: Ground, arm: ArmName, against: ArmName): RowVerdict {
  const blocks = blocksOf(spec, run.blocks);
  const [mine, theirs] = [ofArm(blocks, arm), ofArm(blocks, against)];
  if (mine.length === 0 || theirs.length === 0) return { side: 'not run' };
  if (spec.kind === 'share') return { side: judgeShares(spec.count(mine), spec.count(theirs)) };
  if (spec.kind === 'never') return { side: judgeNever(spec.count(mine), spec.count(theirs)) };
  const measured = (side: Block[]) => side.some((block) => metricOf(block, spec.of) !== undefined);
  if (!measured(mine) || !measured(theirs)) return { side: 'not run' };
  return judgeMeasured(spec.of, [mine, theirs], compare(blocks, spec.of, arm, against, run));
}
