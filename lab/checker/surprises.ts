import type { Allowed } from '../model/plan.js';
import type { Anomaly } from '../model/run-result.js';
import { tally, type Violation } from './judgement.js';

/** Not a fault of the shop: a client without an answer is only counted, unless a scenario says how many there may be. */
const ALWAYS: Allowed = { 'in-doubt': 'any' };

/**
 * What a scenario does not allow to an arm: anomalies beyond their number that no fault explains, and breaches that
 * nobody may have.
 */
export function surprises(violations: readonly Violation[], allowed: Allowed): string[] {
  const limits = { ...ALWAYS, ...allowed };
  const counts = tally(violations.filter(({ explained }) => !explained));
  const said = (Object.entries(counts) as [Anomaly, number][]).flatMap(([anomaly, count]) => {
    const limit = limits[anomaly] ?? 0;
    if (limit === 'any' || count <= limit) return [];
    return [`${count} ${anomaly}, at most ${limit} were predicted`];
  });
  const never = violations.filter(({ anomaly }) => anomaly === undefined);
  return [
    ...said,
    ...never.map(({ orderId, effect, culprit }) => `${effect} ${orderId && `of ${orderId}`}: ${culprit}`),
  ];
}
