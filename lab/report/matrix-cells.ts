import type { ArmName } from '../model/arm.js';
import { ANOMALIES, type Anomaly, type RunResult, type ScenarioResult } from '../model/run-result.js';
import { zeroOf } from './numbers.js';

/** One scenario under one arm, as the matrix shows it. */
export interface MatrixCell {
  state: 'as predicted' | 'surprise' | 'unknown' | 'not run' | 'not judged';
  /** `9 lost, 2 twice (1 explained)`; empty when there was none. */
  anomalies: string;
  /** `0 of 120 (≤ 2.5 %)`: over how many orders there was none; `nothing measured` without an order. */
  zero: string;
  /** Nobody lost these for certain: the client was just not told. */
  inDoubt: number;
}

export function matrixCell(run: RunResult, scenario: ScenarioResult, arm: ArmName): MatrixCell {
  const blocks = run.blocks.filter((block) => block.scenario === scenario.id && block.arm === arm && block.valid);
  const prediction = scenario.predictions.find((found) => found.arm === arm);
  const orders = blocks.reduce((sum, { points }) => sum + points.length, 0);
  const count = (anomaly: Anomaly) => blocks.reduce((sum, block) => sum + (block.anomalies[anomaly] ?? 0), 0);
  const explained = (anomaly: Anomaly) => {
    const some = blocks.reduce((sum, block) => sum + (block.explained?.[anomaly] ?? 0), 0);
    return some > 0 ? ` (${some === count(anomaly) ? '' : `${some} `}explained)` : '';
  };
  const seen = ANOMALIES.filter((anomaly) => anomaly !== 'in-doubt' && count(anomaly) > 0);
  return {
    state: prediction?.outcome ?? (blocks.length === 0 ? 'not run' : 'not judged'),
    anomalies: seen.map((anomaly) => `${count(anomaly)} ${anomaly}${explained(anomaly)}`).join(', '),
    zero: orders === 0 ? 'nothing measured' : zeroOf(orders),
    inDoubt: count('in-doubt'),
  };
}
