import { anchorClock, nowMs } from '../load/clock.js';
import { drive, type Driven } from '../load/drive.js';
import { type BlockSpec, planned } from './block-spec.js';
import { settle } from './judge-block.js';
import type { Live } from './live.js';
import { Watch } from './watch.js';

const SETTLE_MS = 30_000;
/**
 * What is used so long after the load still belongs to it; later the lab's own looks would be counted. A shop in which
 * something breaks is compared by what becomes of its orders, not by what it uses.
 */
const TAIL_MS = 1_000;

export interface Loaded {
  startedAt: string;
  driven: Driven;
  watch: Watch;
  /** Why it was asked for more than it can do here: what it has not done yet is late, and cannot be called lost. */
  overloadedBecause: string | undefined;
}

/** The load of a block with all that is done to its shop meanwhile, until nothing is under way any more. */
export async function loadBlock(live: Live, spec: BlockSpec): Promise<Loaded> {
  const { recorder, customers, stopping } = live;
  if (!spec.sharesMachine) anchorClock();
  const startedAt = new Date().toISOString();
  await live.knobs(spec.knobs ?? []);
  const watch = new Watch(live);
  await watch.begin();
  live.loadMs = recorder.mark('load');
  const visit = spec.visit?.(live) ?? ((order, intendedMs) => customers.place(order, intendedMs));
  const [driven] = await Promise.all([
    spec.driver?.(live) ?? drive(live.orders, live.loadMs, planned(spec).seconds * 1000, visit, stopping),
    spec.during?.(live),
  ]);
  recorder.mark('loaded');
  if (!spec.sharesMachine && !spec.expectsFaults) await live.pause(TAIL_MS);
  await watch.end();
  if (spec.knobs) await live.knobs([]);
  live.healedMs = nowMs();
  await spec.afterwards?.(live);
  const unsettled = await settle(live, spec.settleMs ?? SETTLE_MS);
  recorder.mark(unsettled ? 'gave-up' : 'settled');
  const overloadedBecause = unsettled?.code === 'still_at_work' ? unsettled.message : undefined;
  return { startedAt, driven, watch, overloadedBecause };
}
