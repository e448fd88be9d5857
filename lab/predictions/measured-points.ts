import { median } from 'simple-statistics';
import type { Block, RunResult } from '../model/run-result.js';
import { duration, percent } from '../report/numbers.js';
import { metricOf } from '../statistics/index.js';

const blocksOf = (run: RunResult | undefined, scenario: string, arm: string): Block[] =>
  run?.blocks.filter((block) => block.scenario === scenario && block.arm === arm && block.valid) ?? [];

/** What S2 saw of sync-hardened: which delays it bore, and what it accepted at those that it did not. */
export function measuredDelays(run: RunResult | undefined): string | undefined {
  const shares = new Map<number, number[]>();
  for (const block of blocksOf(run, 'S2', 'sync-hardened')) {
    const share = metricOf(block, 'acceptedShare');
    if (block.variantValue === undefined || share === undefined) continue;
    shares.set(block.variantValue, [...(shares.get(block.variantValue) ?? []), share]);
  }
  if (shares.size === 0) return undefined;
  const points = [...shares]
    .sort(([a], [b]) => a - b)
    .map(([delay, seen]) => `${percent(median(seen))} accepted at ${duration(delay)}`);
  const { plannedRate } = blocksOf(run, 'S2', 'sync-hardened')[0]!;
  return `${points.join(', ')} (S2, ${plannedRate}/s)`;
}

/** What S4 saw of async after its outage. */
export function measuredDrain(run: RunResult | undefined): { backlog: string; drain: string } | undefined {
  const blocks = blocksOf(run, 'S4', 'async').filter(({ faults }) => faults.length > 0);
  const [first] = blocks;
  if (!first) return undefined;
  const { fromS, toS } = first.faults[0]!;
  const about = `(S4, ${duration((toS - fromS) * 1000)} at ${first.plannedRate}/s)`;
  const highest = median(blocks.map(({ seconds }) => Math.max(0, ...seconds.map((second) => second.backlog))));
  const drains = blocks.flatMap((block) => metricOf(block, 'drainS') ?? []);
  return {
    backlog: `${Math.round(highest)} orders ${about}`,
    drain: drains.length === 0 ? `not measured ${about}` : `${duration(median(drains) * 1000)} ${about}`,
  };
}
