import { median } from 'simple-statistics';
import type { ArmName } from '../model/arm.js';
import type { Block, RunResult } from '../model/run-result.js';
import { metricOf } from '../statistics/index.js';

/** The middle of a metric over the valid blocks of an arm in a scenario, with what stands behind it. */
export interface ArmNumber {
  value: number;
  least: number;
  most: number;
  blocks: number;
  /** Orders of these blocks. */
  n: number;
}

export interface Where {
  scenario: string;
  arm: ArmName;
  /** Only blocks with this value of their variant. */
  variantValue?: number;
}

export const validBlocks = ({ blocks }: Pick<RunResult, 'blocks'>, { scenario, arm, variantValue }: Where): Block[] =>
  blocks.filter(
    (block) =>
      block.scenario === scenario &&
      block.arm === arm &&
      block.valid &&
      (variantValue === undefined || block.variantValue === variantValue),
  );

/** @returns undefined where no valid block has it */
export function armNumber(run: Pick<RunResult, 'blocks'>, where: Where, metric: string): ArmNumber | undefined {
  const measured = validBlocks(run, where).filter((block) => metricOf(block, metric) !== undefined);
  if (measured.length === 0) return undefined;
  const values = measured.map((block) => metricOf(block, metric)!);
  return {
    value: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    blocks: measured.length,
    n: measured.reduce((sum, { points }) => sum + points.length, 0),
  };
}

/** The values of the variants of a scenario, rising: delays, numbers of modules. */
export const variantValues = ({ blocks }: Pick<RunResult, 'blocks'>, scenario: string): number[] =>
  [...new Set(blocks.filter((b) => b.scenario === scenario).flatMap((b) => b.variantValue ?? []))].sort(
    (a, b) => a - b,
  );

/** The arm that speaks for events: with Kafka, or where none is to be had, without. */
export const eventsArm = ({ blocks }: Pick<RunResult, 'blocks'>): ArmName =>
  blocks.some(({ arm }) => arm === 'async') || !blocks.some(({ arm }) => arm === 'async-local')
    ? 'async'
    : 'async-local';
