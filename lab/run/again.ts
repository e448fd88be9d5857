import { type CheckedBlock, checkRun, keysElsewhere } from '../checker/check-run.js';
import { gather } from '../checker/evidence.js';
import { timelineOf } from '../checker/timeline.js';
import { Problem } from '../../local/problem.js';
import { readHistory } from '../model/history-file.js';
import { readObservation } from '../model/observation-file.js';
import { readPlan } from '../model/plan.js';

/** `check RUN`: the verdict on each block of a run folder, as lines, and what it means for the exit code. */
export function checkAgain(folder: string): { lines: string[]; outcome: 'as predicted' | 'surprise' | 'unknown' } {
  const blocks = checkRun(folder);
  const outcomes = blocks.map(outcomeOf);
  const lines = blocks.flatMap((block, index) => [
    `${block.planned.id}: ${outcomes[index]}`,
    ...block.surprises.map((surprise) => `    not allowed: ${surprise}`),
    ...block.checks
      .filter(({ verdict }) => verdict !== 'PASS')
      .map(({ invariant, verdict, finding }) => `    ${invariant} ${verdict}: ${finding}`),
  ]);
  const outcome = outcomes.includes('surprise')
    ? 'surprise'
    : outcomes.every((one) => one === 'as predicted')
      ? 'as predicted'
      : 'unknown';
  return { lines, outcome };
}

function outcomeOf({ surprises, checks }: CheckedBlock): 'as predicted' | 'surprise' | 'unknown' {
  if (surprises.length > 0) return 'surprise';
  return checks.some(({ verdict }) => verdict === 'UNKNOWN') ? 'unknown' : 'as predicted';
}

/** `explain ORDER RUN`: all that is known of one order, in the order of its happening. */
export function explainOrder(orderId: string, folder: string): string[] {
  const { blocks } = readPlan(folder);
  const history = readHistory(folder);
  const line = history.find((one) => 'key' in one && one.key === orderId);
  const planned = line && blocks.find(({ id }) => id === line.block);
  if (!planned)
    throw new Problem(
      'no_such_order',
      `No block of ${folder} has asked for the order ${orderId}: take an id from its result.json.`,
    );
  const observation = readObservation(folder, planned.id);
  if (!observation)
    throw new Problem(
      'not_read',
      `Nothing was read of ${planned.id}: the run ended before; take an order of another block.`,
    );
  const own = history.filter(({ block }) => block === planned.id);
  const evidence = gather({ planned, history: own, observation, elsewhere: keysElsewhere(history, planned.id) });
  const steps = timelineOf(evidence, orderId);
  const beganMs = steps[0]?.atMs ?? 0;
  return [
    `${orderId} in ${planned.id}`,
    ...steps.map(
      ({ atMs, where, what }) => `${`+${(atMs - beganMs).toFixed(1)} ms`.padStart(14)}  ${where.padEnd(14)} ${what}`,
    ),
  ];
}
