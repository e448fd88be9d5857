import type { Invoke, Outcome } from '../model/history.js';
import type { Point, Second } from '../model/run-result.js';
import { quantile } from '../statistics/index.js';

/** A purchase as its customer saw it, repeats of the request included. */
export interface Purchase {
  orderId: string;
  intendedMs: number;
  /** When the customer had a definite answer, or stopped waiting. */
  doneMs: number;
  outcome: 'ok' | 'fail' | 'info';
  code?: string;
  /** When the last of its effects was there; null: one is missing. */
  effectsMs: number | null;
  /** Every effect is there exactly once. */
  exact: boolean;
}

/** What the checker knows of an order. */
export type EffectsOf = (orderId: string) => { effectsMs: number | null; exact: boolean };

/** A customer who has asked several times has bought when one of the answers was yes. */
export function purchasesOf(
  invokes: readonly Invoke[],
  outcomes: readonly Outcome[],
  fromMs: number,
  effectsOf: EffectsOf,
): Purchase[] {
  const heard = new Map(outcomes.map((outcome) => [outcome.seq, outcome]));
  const purchases = new Map<string, Purchase>();
  for (const invoke of invokes) {
    const outcome = heard.get(invoke.seq);
    if (invoke.f !== 'place' || invoke.intendedMs < fromMs || !outcome) continue;
    const known = purchases.get(invoke.key);
    if (known?.outcome === 'ok') continue;
    const { type, doneMs, code } = outcome;
    const { intendedMs } = known ?? invoke;
    purchases.set(invoke.key, {
      orderId: invoke.key,
      intendedMs,
      doneMs,
      outcome: type,
      code,
      ...effectsOf(invoke.key),
    });
  }
  return [...purchases.values()].sort((a, b) => a.intendedMs - b.intendedMs);
}

/** An order that is done within so long is of use to its customer. */
export const GOOD_MS = 10_000;

/** The numbers of a block that follow from its purchases; `patienceMs` is what an unanswered one took at least. */
export function metricsOf(purchases: readonly Purchase[], patienceMs: number): Record<string, number> {
  const of = purchases.length;
  const accepted = purchases.filter(({ outcome }) => outcome === 'ok');
  // Who was refused at once has not been served quickly: only those who waited count, also in vain.
  const waited = purchases.filter(({ outcome, code }) => outcome === 'ok' || code === 'timeout');
  const acks = waited.map(({ outcome, intendedMs, doneMs }) => (outcome === 'ok' ? doneMs - intendedMs : null));
  const effects = accepted.map(({ effectsMs, intendedMs }) => (effectsMs === null ? null : effectsMs - intendedMs));
  const good = accepted.filter(
    ({ exact, effectsMs, intendedMs }) => exact && effectsMs !== null && effectsMs - intendedMs <= GOOD_MS,
  );
  const metrics: Record<string, number> = {
    acceptedShare: of === 0 ? 0 : accepted.length / of,
    goodput: of === 0 ? 0 : good.length / of,
    refused: of - accepted.length,
  };
  const lastMs = Math.max(0, ...effects.map((value) => value ?? 0));
  put(metrics, 'ackP50Ms', acks, 0.5, patienceMs);
  put(metrics, 'ackP95Ms', acks, 0.95, patienceMs);
  if (acks.length >= 500) put(metrics, 'ackP99Ms', acks, 0.99, patienceMs);
  // What never came took longer than whatever has come.
  put(metrics, 'effectsP50Ms', effects, 0.5, lastMs);
  put(metrics, 'effectsP95Ms', effects, 0.95, lastMs);
  put(metrics, 'effectsMaxMs', effects, 1, lastMs);
  return metrics;
}

function put(into: Record<string, number>, name: string, values: (number | null)[], q: number, limit: number): void {
  const found = quantile(values, q, limit);
  if (found) into[name] = found.value;
}

export const pointsOf = (purchases: readonly Purchase[], loadMs: number): Point[] =>
  purchases.map(({ intendedMs, doneMs, effectsMs, outcome }) => [
    round(intendedMs - loadMs),
    round(doneMs - intendedMs),
    effectsMs === null || outcome !== 'ok' ? null : round(effectsMs - intendedMs),
    outcome,
  ]);

/** Second by second, from the start of the load until the last effect. */
export function secondsOf(purchases: readonly Purchase[], loadMs: number): Second[] {
  const accepted = purchases.filter(({ outcome }) => outcome === 'ok');
  const endMs = Math.max(loadMs, ...purchases.map(({ doneMs, effectsMs }) => Math.max(doneMs, effectsMs ?? 0)));
  return Array.from({ length: Math.ceil((endMs - loadMs) / 1000) }, (_, second) => {
    const [from, until] = [loadMs + second * 1000, loadMs + (second + 1) * 1000];
    const within = purchases.filter(({ intendedMs }) => intendedMs >= from && intendedMs < until);
    const answered = within.filter(({ outcome }) => outcome === 'ok');
    const acks = answered.map(({ doneMs, intendedMs }) => doneMs - intendedMs);
    const open = accepted.filter(({ doneMs, effectsMs }) => doneMs < until && (effectsMs ?? Infinity) >= until);
    return {
      second,
      placed: within.length,
      accepted: answered.length,
      refused: within.length - answered.length,
      ackP50Ms: quantile(acks, 0.5, 0)?.value ?? null,
      ackP95Ms: quantile(acks, 0.95, 0)?.value ?? null,
      backlog: open.length,
      oldestMs: round(Math.max(0, ...open.map(({ doneMs }) => until - doneMs))),
    };
  });
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
