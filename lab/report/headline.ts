import { median } from 'simple-statistics';
import { ARM_NAMES } from '../model/arm.js';
import type { Block, HeadlineRow } from '../model/run-result.js';
import { metricOf } from '../statistics/index.js';
import { eventsArm } from './arm-numbers.js';
import { blocksOf, HEADLINE_ROWS, type RowSpec } from './headline-rows.js';
import { duration, percent, quantity, zeroOf } from './numbers.js';
import { rowVerdict, type Ground } from './row-verdict.js';

interface Cell {
  text: string;
  value: number;
  n: number;
}

const orders = (blocks: readonly Block[]) => blocks.reduce((all, { points }) => all + points.length, 0);

/** More than 5 % of the accepted orders of a block never had all their effects: the p95 is the limit, or more. */
function lastsLonger(metric: string, { points }: Block): boolean {
  if (metric !== 'effectsP95Ms') return false;
  const accepted = points.filter(([, , , outcome]) => outcome === 'ok');
  return accepted.filter(([, , effectsMs]) => effectsMs === null).length > 0.05 * accepted.length;
}

function cellOf(spec: RowSpec, blocks: readonly Block[]): Cell | undefined {
  if (spec.kind === 'measured') {
    const measured = blocks.filter((block) => metricOf(block, spec.of) !== undefined);
    if (measured.length === 0) return undefined;
    const value = median(measured.map((block) => metricOf(block, spec.of)!));
    const least = measured.some((block) => lastsLonger(spec.of, block)) ? '≥ ' : '';
    return { text: least + quantity(spec.of, value), value, n: orders(measured) };
  }
  if (blocks.length === 0) return undefined;
  const { some, of } = spec.count(blocks);
  if (spec.kind === 'share') return { text: percent(of === 0 ? 0 : some / of), value: of === 0 ? 0 : some / of, n: of };
  return { text: some === 0 ? zeroOf(of, spec.unit) : `${some} in ${of} ${spec.unit}`.trim(), value: some, n: of };
}

function row(spec: RowSpec, run: Ground): HeadlineRow {
  const blocks = blocksOf(spec, run.blocks);
  const arm = eventsArm(run);
  const { side, comparison } = rowVerdict(spec, run, arm, 'sync-hardened');
  const cells: HeadlineRow['cells'] = {};
  const values: HeadlineRow['values'] = {};
  const n: HeadlineRow['n'] = {};
  for (const name of ARM_NAMES) {
    const cell = cellOf(spec, blocks.filter((block) => block.arm === name)); // prettier-ignore
    if (cell) [cells[name], values[name], n[name]] = [cell.text, cell.value, cell.n];
  }
  const words = { 'arm better': `${arm} better`, 'against better': 'sync better' } as const;
  const delay = spec.slowestOnly ? blocks[0]?.variantValue : undefined;
  return {
    id: spec.id,
    metric: spec.metric,
    scenario: spec.scenario,
    cells,
    values,
    n,
    verdict: side in words ? words[side as keyof typeof words] : side,
    ...(comparison && { comparison }),
    ...(delay !== undefined && { note: `billing took ${duration(delay)}` }),
  };
}

/** The eight rows, computed from the blocks alone; async is judged against sync-hardened. */
export const headline = (run: Ground): HeadlineRow[] => HEADLINE_ROWS.map((spec) => row(spec, run));
