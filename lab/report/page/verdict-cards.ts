import type { ArmName } from '../../model/arm.js';
import type { HeadlineRow, RunResult } from '../../model/run-result.js';
import { armNumber, variantValues } from '../arm-numbers.js';
import { quantity } from '../numbers.js';

export interface Column {
  name: string;
  /** The row of the headline that it shows. */
  row?: HeadlineRow['id'];
  cell: (arm: ArmName) => string | undefined;
}

export interface Card {
  title: string;
  scenario: string;
  /** What stands below the title: how slow, how killed. */
  about: string;
  row: HeadlineRow;
  columns: Column[];
}

const rowOf = (run: RunResult, id: HeadlineRow['id']) => run.headline.find((row) => row.id === id)!;

/** The six questions, fixed before anything is measured. */
export function cardsOf(run: RunResult): Card[] {
  const ofRow = (id: HeadlineRow['id'], name: string): Column => ({
    name,
    row: id,
    cell: (arm) => rowOf(run, id).cells[arm],
  });
  const ofMetric = (scenario: string, metric: string, name: string, variantValue?: number): Column => ({
    name,
    cell: (arm) => {
      const found = armNumber(run, { scenario, arm, variantValue }, metric);
      return found && quantity(metric, found.value);
    },
  });
  const slowest = variantValues(run, 'S2').at(-1);
  return [
    {
      title: 'The customer waits',
      scenario: 'S0',
      about: 'acknowledged; nothing broken',
      row: rowOf(run, 'acknowledged-p95'),
      columns: [ofMetric('S0', 'ackP50Ms', 'p50'), ofRow('acknowledged-p95', 'p95')],
    },
    {
      title: 'The work is finished',
      scenario: 'S0',
      about: 'all effects done; nothing broken',
      row: rowOf(run, 'effects-p95'),
      columns: [ofMetric('S0', 'effectsP50Ms', 'p50'), ofRow('effects-p95', 'p95')],
    },
    {
      title: 'A module is slow',
      scenario: 'S2',
      about: rowOf(run, 'accepted-billing-slow').note ?? 'billing is slow',
      row: rowOf(run, 'accepted-billing-slow'),
      columns: [ofRow('accepted-billing-slow', 'accepted'), ofMetric('S2', 'goodput', 'done within 10 s', slowest)],
    },
    {
      title: 'The process is killed',
      scenario: 'S5',
      about: 'kill -9 between commit and call',
      row: rowOf(run, 'lost-on-kill'),
      columns: [ofRow('lost-on-kill', 'effects lost')],
    },
    {
      title: 'The broker is down',
      scenario: 'S6',
      about: 'while Kafka is away',
      row: rowOf(run, 'accepted-kafka-down'),
      columns: [ofRow('accepted-kafka-down', 'accepted'), ofMetric('S6', 'effectsP95Ms', 'all effects p95')],
    },
    {
      title: 'What it costs',
      scenario: 'S0',
      about: 'for an order; nothing broken',
      row: rowOf(run, 'cpu-per-order'),
      columns: [ofRow('cpu-per-order', 'CPU'), ofMetric('S0', 'walKbPerOrder', 'WAL')],
    },
  ];
}
