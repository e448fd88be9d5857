import { Problem } from '../../local/problem.js';
import { type BlockVerdict, checkBlock } from '../checker/check-block.js';
import type { HistoryLine } from '../model/history.js';
import { writeObservation } from '../model/observation-file.js';
import type { Observation } from '../model/observation.js';
import type { PlannedBlock } from '../model/plan.js';
import type { Block } from '../model/run-result.js';
import { observe } from '../observe/observe.js';
import { quiescent } from '../observe/quiescent.js';
import { quantile } from '../statistics/index.js';
import type { Live } from './live.js';
import type { EffectsOf } from './orders-done.js';

/** A call to a provider that is not slow is over by then. */
const STILL_MS = 300;

/** Waits until nothing is under way in the shop of a block; past the limit, with a remark, what was. */
export async function settle(live: Live, limitMs: number): Promise<Problem | undefined> {
  const { stage, spec, databaseUrl } = live;
  const slowest = Math.max(0, ...(spec.knobs ?? []).map(({ latencyMs = 0 }) => latencyMs));
  try {
    const ledger = stage.standIns.mailboxUrl;
    const { kafka, stopping: signal } = live;
    await quiescent({ databaseUrl, ledger, kafka, limitMs, stillMs: STILL_MS + slowest, signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    live.remarks.push(error.message);
    return error;
  }
}

export interface Judged extends BlockVerdict {
  observation: Observation;
  metrics: Record<string, number>;
  effectsOf: EffectsOf;
}

/** Reads what a block has left behind, keeps it in the folder of the run, and judges it. */
export async function judgeBlock(
  folder: string,
  planned: PlannedBlock,
  live: Live,
  elsewhere: Set<string>,
): Promise<Judged> {
  const { recorder, stage, databaseUrl, kafka } = live;
  const observation = await observe({
    block: planned.id,
    arm: planned.arm,
    databaseUrl,
    ledger: stage.standIns.mailboxUrl,
    kafka,
    restUrl: live.shop.alive ? live.shop.url : undefined,
    sinceMs: recorder.beganMs,
  });
  writeObservation(folder, observation);
  const verdict = checkBlock({ planned, history: recorder.lines, observation, elsewhere });
  const { anomalies, perOrder } = verdict;
  const metrics: Record<string, number> = {
    lost: anomalies.lost ?? 0,
    twice: anomalies.twice ?? 0,
    ghosts: anomalies.ghost ?? 0,
    reordered: anomalies.reordered ?? 0,
  };
  const stale = [...perOrder.values()].flatMap(({ staleMs }) => staleMs ?? []);
  if (stale.length > 0) metrics.staleP95Ms = quantile(stale, 0.95, 0)!.value;
  return {
    ...verdict,
    observation,
    metrics,
    effectsOf: (orderId) => {
      const times = perOrder.get(orderId);
      const effectsMs = times?.effectsMs ?? null;
      return {
        effectsMs: effectsMs === null ? null : times!.intendedMs + effectsMs,
        exact: times?.exactlyOnce ?? false,
      };
    },
  };
}

/** When something was broken, in seconds from the start of the load. */
export function faultsOf(lines: readonly HistoryLine[], loadMs: number): Block['faults'] {
  const faults = lines.filter((line) => line.f === 'fault');
  return faults.flatMap((start, index) => {
    if (start.type !== 'start') return [];
    const stop = faults.slice(index).find(({ name, type }) => name === start.name && type === 'stop');
    const [fromS, toS] = [start.atMs, stop?.atMs ?? start.atMs].map((atMs) => Math.round(atMs - loadMs) / 1000);
    return [{ name: start.name, fromS: fromS!, toS: toS!, evidence: stop?.evidence ?? start.evidence ?? '' }];
  });
}
