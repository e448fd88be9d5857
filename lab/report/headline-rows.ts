import type { Block, HeadlineRow, MetricName } from '../model/run-result.js';
import type { Count } from '../statistics/index.js';

interface About {
  id: HeadlineRow['id'];
  /** As the row is called. */
  metric: string;
  scenario: string;
}

/** What a row is made of; `blocks` are the valid blocks of its scenario, of one arm. */
export type RowKind =
  /** A metric of a block: the median over the blocks, judged over the pairs. */
  | { kind: 'measured'; of: MetricName }
  /** Orders that were accepted of those that were to be: judged as a share. */
  | { kind: 'share'; count: (blocks: readonly Block[]) => Count }
  /** What must not happen at all: judged by whether it did. */
  | { kind: 'never'; count: (blocks: readonly Block[]) => Count; unit: string };

export type RowSpec = About & RowKind & { slowestOnly?: boolean };

const sum = (blocks: readonly Block[], of: (block: Block) => number) => blocks.reduce((all, b) => all + of(b), 0);

/** Orders that were to be placed while something was broken, and those of them that were accepted. */
function acceptedUnderFault(blocks: readonly Block[]): Count {
  const hit = blocks.flatMap(({ points, faults }) =>
    points.filter(([atMs]) => faults.length === 0 || faults.some((f) => atMs >= f.fromS * 1000 && atMs < f.toS * 1000)),
  );
  return { some: hit.filter(([, , , outcome]) => outcome === 'ok').length, of: hit.length };
}

const lostOnKill = (blocks: readonly Block[]): Count => ({
  some: sum(blocks, ({ metrics, anomalies }) => metrics.lost ?? anomalies.lost ?? 0),
  of: sum(blocks, ({ faults }) => Math.max(1, faults.length)),
});

/** Without what a fault explains: not every design meets the same one here. */
const twice = (blocks: readonly Block[]): Count => ({
  some: sum(blocks, ({ anomalies, explained }) => (anomalies.twice ?? 0) - (explained?.twice ?? 0)),
  of: sum(blocks, ({ points, checks }) => checks.find(({ invariant }) => invariant === 'I3')?.of ?? points.length),
});

/** The eight rows that stand for all, fixed before anything is measured (lab.md §4.11). */
export const HEADLINE_ROWS: readonly RowSpec[] = [
  { id: 'acknowledged-p95', metric: 'acknowledged p95', scenario: 'S0', kind: 'measured', of: 'ackP95Ms' },
  { id: 'effects-p95', metric: 'all effects p95', scenario: 'S0', kind: 'measured', of: 'effectsP95Ms' },
  {
    id: 'accepted-billing-slow',
    metric: 'accepted with billing slow',
    scenario: 'S2',
    kind: 'share',
    count: acceptedUnderFault,
    slowestOnly: true,
  },
  { id: 'lost-on-kill', metric: 'lost on kill -9', scenario: 'S5', kind: 'never', count: lostOnKill, unit: 'kills' },
  {
    id: 'accepted-kafka-down',
    metric: 'accepted with Kafka down',
    scenario: 'S6',
    kind: 'share',
    count: acceptedUnderFault,
  },
  {
    id: 'twice-after-redelivery',
    metric: 'twice after redelivery',
    scenario: 'S7',
    kind: 'never',
    count: twice,
    unit: '',
  },
  { id: 'stale-p95', metric: 'stale for, p95', scenario: 'S13', kind: 'measured', of: 'staleP95Ms' },
  { id: 'cpu-per-order', metric: 'CPU an order', scenario: 'S0', kind: 'measured', of: 'cpuMsPerOrder' },
];

/** The blocks that a row stands on; of a row about slowness only those with the longest delay. */
export function blocksOf(spec: RowSpec, blocks: readonly Block[]): Block[] {
  const own = blocks.filter((block) => block.scenario === spec.scenario && block.valid);
  if (!spec.slowestOnly) return own;
  const slowest = Math.max(...own.map(({ variantValue }) => variantValue ?? 0));
  return own.filter(({ variantValue }) => (variantValue ?? 0) === slowest);
}
