import type { Block } from '../model/run-result.js';
import { quantile, validity } from '../statistics/index.js';
import { type BlockSpec, planned } from './block-spec.js';
import { faultsOf, type Judged } from './judge-block.js';
import type { Live } from './live.js';
import type { Loaded } from './load-block.js';
import { metricsOf, pointsOf, type Purchase, secondsOf } from './orders-done.js';
import { resourceMetrics } from './watch.js';

/** All that a block has shown, as the result keeps it. */
export function blockOf(
  spec: BlockSpec,
  live: Live,
  { startedAt, driven, watch, overloadedBecause }: Loaded,
  judged: Judged,
  purchases: readonly Purchase[],
): Block {
  const { rate, seconds } = planned(spec);
  const achievedRate = driven.sentInTime / seconds;
  const sound = overloadedBecause ? { valid: false, because: overloadedBecause } : validity(rate, achievedRate);
  const accepted = purchases.filter(({ outcome }) => outcome === 'ok').length;
  return {
    id: live.recorder.block,
    scenario: spec.scenario,
    arm: spec.arm.name,
    pair: spec.pair,
    variant: spec.variant ?? '',
    variantValue: spec.variantValue,
    startedAt,
    plannedRate: rate,
    achievedRate,
    valid: sound.valid,
    invalidBecause: sound.because,
    generatorDelayP99Ms: quantile(driven.delaysMs, 0.99, 0)?.value ?? 0,
    metrics: {
      ...metricsOf(purchases, live.client.patienceMs),
      ...judged.metrics,
      ...(!spec.sharesMachine && resourceMetrics(watch, accepted)),
    },
    checks: judged.checks,
    anomalies: judged.anomalies,
    explained: judged.explained,
    witnesses: judged.witnesses,
    seconds: secondsOf(purchases, live.loadMs),
    faults: faultsOf(live.recorder.lines, live.loadMs),
    points: pointsOf(purchases, live.loadMs),
  };
}
