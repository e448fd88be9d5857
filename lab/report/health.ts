import { median } from 'simple-statistics';
import type { RunResult } from '../model/run-result.js';
import { littlesLaw } from '../statistics/index.js';
import { duration, factor, percent } from './numbers.js';

/** Whether the run itself was sound, before anything of it is believed. */
export interface Health {
  state: 'sound' | 'limited' | 'unsound';
  /** What limits it; empty when sound. */
  limits: string[];
  facts: { what: string; value: string }[];
}

/** Little's residual, of the blocks in which nothing was broken: a backlog at the end has not been answered yet. */
function residual(run: RunResult): number | undefined {
  const all = run.blocks
    .filter(({ valid, faults }) => valid && faults.length === 0)
    .flatMap((block) => littlesLaw(block)?.residual ?? []);
  return all.length === 0 ? undefined : median(all);
}

export function healthOf(run: RunResult): Health {
  const invalid = run.blocks.filter(({ valid }) => !valid);
  const least = Math.min(1, ...run.blocks.filter((b) => b.valid).map((b) => b.achievedRate / b.plannedRate));
  const delay = Math.max(0, ...run.blocks.map(({ generatorDelayP99Ms }) => generatorDelayP99Ms));
  const rest = residual(run);
  const noise = run.floor.ackP95Ms;
  const unequal = run.env.fairness.filter(({ equal }) => !equal).map(({ what }) => what);
  const limits = [
    ...(run.complete ? [] : [`Incomplete: ${run.incompleteBecause ?? 'not all was run'}`]),
    ...(unequal.length > 0 ? [`The arms were not treated alike: ${unequal.join(', ')}`] : []),
    ...(invalid.length > 0
      ? [`${invalid.length} of ${run.blocks.length} blocks did not get their load and do not count`]
      : []),
    ...(noise ? [] : ['No A/A block was run: small differences may be chance']),
  ];
  return {
    state: unequal.length > 0 ? 'unsound' : limits.length > 0 ? 'limited' : 'sound',
    limits,
    facts: [
      { what: 'least load reached', value: percent(least) },
      { what: 'generator late, p99 at worst', value: duration(delay) },
      { what: 'Little’s residual, middle', value: rest === undefined ? 'not known' : percent(rest) },
      { what: 'A/A floor, acknowledged p95', value: noise ? `${factor(noise.high)} (${noise.pairs} ${noise.pairs === 1 ? 'pair' : 'pairs'})` : 'not measured' },
      { what: 'blocks that count', value: `${run.blocks.length - invalid.length} of ${run.blocks.length}` },
    ],
  }; // prettier-ignore
}
