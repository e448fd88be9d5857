import type { ArmName } from '../model/arm.js';
import type { Anomaly, Prediction } from '../model/run-result.js';
import type { Run } from '../run/bench.js';

/** One thing that was expected, and whether it came; undefined: nobody can say. */
export interface Finding {
  observed: string;
  came: boolean | undefined;
}

/** A prediction stands when all that it says has come. */
export function prediction(arm: ArmName, predicted: string, findings: readonly Finding[]): Prediction {
  const came = findings.map((finding) => finding.came);
  const outcome = came.includes(false)
    ? 'surprise'
    : came.length === 0 || came.includes(undefined)
      ? 'unknown'
      : 'as predicted';
  return { arm, predicted, observed: findings.map(({ observed }) => observed).join('; ') || 'not run', outcome };
}

export const runsOf = (runs: readonly Run[], arm: ArmName, variant?: string): Run[] =>
  runs.filter(({ block }) => block.arm === arm && block.valid && (variant === undefined || block.variant === variant));

/** The middle one of a metric over blocks; undefined when none has measured it. */
export function middle(runs: readonly Run[], metric: string): number | undefined {
  const values = runs.flatMap(({ block }) => block.metrics[metric] ?? []).sort((a, b) => a - b);
  return values.length === 0 ? undefined : values[Math.floor((values.length - 1) / 2)];
}

export const countOf = (runs: readonly Run[], anomaly: Anomaly): number =>
  runs.reduce((sum, { block }) => sum + (block.anomalies[anomaly] ?? 0), 0);

export const placedIn = (runs: readonly Run[]): number =>
  runs.reduce((sum, { purchases }) => sum + purchases.length, 0);

export const acceptedIn = (runs: readonly Run[]): number =>
  runs.reduce((sum, { purchases }) => sum + purchases.filter(({ outcome }) => outcome === 'ok').length, 0);

/**
 * Something that must not have happened; a zero says how little it may be worth. What a fault of the lab explains, a mail
 * that was on its way when its process died, is counted apart.
 */
export function none(runs: readonly Run[], anomaly: Anomaly, of: number, what = 'orders'): Finding {
  const explained = runs.reduce((sum, { judged }) => sum + (judged.explained[anomaly] ?? 0), 0);
  const count = countOf(runs, anomaly) - explained;
  const zero = of > 0 ? `0 of ${of} ${what} ${anomaly} (at most ${share(3 / of)})` : `no ${what}`;
  const apart = explained > 0 ? `, and ${explained} ${anomaly} that a fault explains` : '';
  return {
    observed: `${count === 0 ? zero : `${count} ${anomaly} of ${of} ${what}`}${apart}`,
    came: of > 0 ? count === 0 : undefined,
  };
}

/** A time in ms that is as a formula says, up to a factor or to so many ms. */
export const isNear = (seen: number, expected: number, factor: number, offMs: number): boolean =>
  Math.abs(seen - expected) <= offMs || (seen <= expected * factor && seen >= expected / factor);

export const share = (value: number): string => `${Math.round(Math.min(1, value) * 1000) / 10} %`;
export const ms = (value: number | undefined): string =>
  value === undefined ? '–' : value >= 10_000 ? `${Math.round(value / 1000)} s` : `${Math.round(value)} ms`;

/** Nothing but what the scenario allows to this arm has come, in the words of the checker. */
export function asAllowed(runs: readonly Run[]): Finding {
  const found = runs.flatMap(({ judged }) => judged.surprises);
  const unknown = runs.flatMap(({ block }) => block.checks.filter(({ verdict }) => verdict === 'UNKNOWN'));
  if (found.length > 0) return { observed: `not allowed: ${found.slice(0, 3).join(', ')}`, came: false };
  if (runs.length === 0) return { observed: 'not judged', came: undefined };
  if (unknown[0]) return { observed: `unknown: ${unknown[0].finding}`, came: undefined };
  return { observed: `${runs.reduce((sum, { block }) => sum + block.checks.length, 0)} checks hold`, came: true };
}

export function allAccepted(runs: readonly Run[]): Finding {
  const [accepted, placed] = [acceptedIn(runs), placedIn(runs)];
  return {
    observed: `accepted ${share(accepted / Math.max(1, placed))}`,
    came: placed > 0 ? accepted === placed : undefined,
  };
}
