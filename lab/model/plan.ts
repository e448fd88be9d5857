import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Problem } from '../../local/problem.js';
import { ARM_NAMES } from './arm.js';
import { ANOMALIES } from './run-result.js';

export const PLAN_FILE = 'plan.json';

/** What an arm may show in a scenario without a surprise: any number of an anomaly, or at most so many. */
export const Allowed = z.partialRecord(z.enum(ANOMALIES), z.union([z.literal('any'), z.int().min(0)]));

/** One block as it was planned, before anything of it was measured. */
export const PlannedBlock = z.object({
  id: z.string(),
  scenario: z.string(),
  arm: z.enum(ARM_NAMES),
  pair: z.int(),
  variant: z.string().optional(),
  /** Orders a second, and how many orders in all. */
  plannedRate: z.number(),
  planned: z.int(),
  /** Keys of the records that no subscriber can read and that the lab put into the topics itself. */
  poisonKeys: z.array(z.string()).default([]),
  allowed: Allowed.default({}),
  /** How many faults the lab was to inflict; fewer lines of `start` and the faults did not bite. */
  expectsFaults: z.int().default(0),
});

/** `plan.json` of a run: what the checker needs to judge a run again without anything that was running. */
export const Plan = z.object({ seed: z.int(), command: z.string(), blocks: z.array(PlannedBlock) });

export type Allowed = z.infer<typeof Allowed>;
export type PlannedBlock = z.infer<typeof PlannedBlock>;
export type Plan = z.infer<typeof Plan>;

/** Replaces the plan in one step: a kill leaves the old one or the new one, never half a file. */
export function writePlan(folder: string, plan: Plan): void {
  const file = path.join(folder, PLAN_FILE);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(plan, null, 2)}\n`);
  fs.renameSync(`${file}.new`, file);
}

/** Throws `Problem` `plan_missing` or `plan_broken`. */
export function readPlan(folder: string): Plan {
  const file = path.join(folder, PLAN_FILE);
  if (!fs.existsSync(file))
    throw new Problem('plan_missing', `${folder} has no ${PLAN_FILE}: give the folder of a run.`);
  try {
    return Plan.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Problem('plan_broken', `${file} is no plan of a run: delete the run's folder and run it again.`, {
      cause: error,
    });
  }
}
