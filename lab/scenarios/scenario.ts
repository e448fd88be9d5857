import type { Arm, ArmName } from '../model/arm.js';
import type { Comparison, Prediction, ScenarioResult } from '../model/run-result.js';
import type { Floor } from '../statistics/index.js';
import type { Run } from '../run/bench.js';
import type { BlockSpec } from '../run/block-spec.js';
import type { Tier } from '../run/options.js';
import type { ScenarioId } from './ids.js';

/** What a scenario has to go by. */
export interface Given {
  tier: Tier;
  /** Those of the scenario's own arms that can run and were asked for; fewer in the whole short run. */
  arms: readonly Arm[];
  /** Orders per second. */
  rate: number;
  seed: number;
  billingLatencyMs?: number;
  kills?: number;
  /** Where a scenario may build something; it is removed when the run ends. */
  folder: string;
  stopping: AbortSignal;
}

/** What a scenario says when its blocks have run; some of them may be missing. */
export interface Judgement {
  predictions: Prediction[];
  comparisons?: Comparison[];
  notes?: string[];
  curves?: ScenarioResult['curves'];
}

/** One question to all designs: the same load, the same fault, and what was expected of each. */
export interface Scenario {
  id: ScenarioId;
  title: string;
  question: string;
  arms: readonly ArmName[];
  /** Not longer than this, in seconds, when all of its arms run at the default rate. */
  budgetS: Readonly<Record<Tier, number>>;
  /** False leaves it out unless it is named. */
  quick: boolean;
  /** The blocks in the order of their running; those of one group run side by side. */
  blocks(given: Given): readonly (readonly BlockSpec[])[] | Promise<readonly (readonly BlockSpec[])[]>;
  judge(runs: readonly Run[], given: Given, floor: Floor): Judgement;
}
