import type { ArmName } from '../model/arm.js';
import type { RunResult } from '../model/run-result.js';
import { armNumber } from './arm-numbers.js';

/** What the reader pays; undefined where it was not said. In any currency, the same for both. */
export interface Prices {
  coreHour?: number;
  brokerMonth?: number;
}

export interface Bill {
  /** Core hours of a month at the rate of the run. */
  coreHours: number;
  /** What they cost. */
  cpu?: number;
  broker?: number;
  total?: number;
}

const MONTH_S = 30 * 86_400;
const HOUR_MS = 3_600_000;

/** A month of an arm at the rate of S0, from measured CPU and the reader's prices. @returns undefined without a measured CPU */
export function billOf(run: RunResult, arm: ArmName, { coreHour, brokerMonth }: Prices): Bill | undefined {
  const perOrder = armNumber(run, { scenario: 'S0', arm }, 'cpuMsPerOrder');
  const rate = run.blocks.find(({ scenario }) => scenario === 'S0')?.plannedRate;
  if (!perOrder || !rate) return undefined;
  const needsBroker = arm === 'async' || arm === 'async-dual-write';
  const coreHours = (perOrder.value * rate * MONTH_S) / HOUR_MS;
  const cpu = coreHour === undefined ? undefined : coreHours * coreHour;
  const broker = needsBroker ? brokerMonth : 0;
  const total = cpu === undefined || broker === undefined ? undefined : cpu + broker;
  return { coreHours, cpu, broker, total };
}
