import { readHistory } from '../model/history-file.js';
import type { HistoryLine } from '../model/history.js';
import { readObservation } from '../model/observation-file.js';
import { type PlannedBlock, readPlan } from '../model/plan.js';
import { INVARIANTS } from '../model/run-result.js';
import { type BlockVerdict, checkBlock } from './check-block.js';

export interface CheckedBlock extends BlockVerdict {
  planned: PlannedBlock;
}

/**
 * Judges a run from its folder alone: `plan.json`, `history.jsonl`, `observations/`. A block of the plan that has not
 * begun is left out; one that was never read is UNKNOWN. Throws `Problem` with a sentence when a file is missing or
 * broken.
 */
export function checkRun(folder: string): CheckedBlock[] {
  const { blocks } = readPlan(folder);
  const history = readHistory(folder);
  return blocks.flatMap((planned) => {
    const own = history.filter(({ block }) => block === planned.id);
    if (own.length === 0) return [];
    const observation = readObservation(folder, planned.id);
    if (!observation) return [{ planned, ...notRead }];
    return [
      { planned, ...checkBlock({ planned, history: own, observation, elsewhere: keysElsewhere(history, planned.id) }) },
    ];
  });
}

/** Requests that the shop answers with an id of its own. */
const GIVES_ID: ReadonlySet<string> = new Set(['register', 'unnamed']);

/** What the other blocks have asked for, and what they were given: their deeds stand in the same ledger. */
export function keysElsewhere(history: readonly HistoryLine[], block: string): Set<string> {
  const keys = new Set<string>();
  for (const line of history) {
    if (line.block === block || line.f === 'fault' || line.f === 'block') continue;
    keys.add(line.key);
    if (line.type === 'ok' && GIVES_ID.has(line.f) && line.value) keys.add(line.value);
  }
  return keys;
}

const notRead: BlockVerdict = {
  checks: INVARIANTS.map((invariant) => ({
    invariant,
    verdict: 'UNKNOWN',
    finding: 'Nothing was read of this block: the run ended before.',
    of: 0,
    violations: 0,
  })),
  anomalies: {},
  explained: {},
  witnesses: [],
  perOrder: new Map(),
  achievedShare: 0,
  surprises: [],
};
