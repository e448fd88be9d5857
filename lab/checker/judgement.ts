import type { Anomaly, Check, Invariant } from '../model/run-result.js';
import type { EventName, Subscriber } from './expected-effects.js';

/** One breach of one invariant. */
export interface Violation {
  /** What the reader of the matrix calls it; a breach without a name is never allowed to any arm. */
  anomaly?: Anomaly;
  /** The order or user; empty when it is about the shop as a whole. */
  orderId: string;
  effect: string;
  /** Why: of something lost the first missing step. */
  culprit: string;
  /** The delivery that is to blame; the same loss seen by two invariants counts once. */
  cause?: { event: EventName; subscriber?: Subscriber };
  /** How many things it stands for; 1 unless it says more. */
  count?: number;
  /** A fault of the lab is the reason, and no shop could have prevented it: counted, and no surprise. */
  explained?: boolean;
}

/** What a judge of one invariant says. */
export interface Judgement {
  /** Over how many things it was asked. */
  of: number;
  violations: Violation[];
  /** The sentence when all is well. */
  passed: string;
  /** The sentence when it cannot be said; a violation outweighs it. */
  unknown?: string;
}

export function toCheck(invariant: Invariant, { of, violations, passed, unknown }: Judgement): Check {
  const found = violations.reduce((sum, { count = 1 }) => sum + count, 0);
  const first = violations[0];
  if (first) return { invariant, verdict: 'FAIL', finding: failed(first, found), of, violations: found };
  return { invariant, verdict: unknown ? 'UNKNOWN' : 'PASS', finding: unknown ?? passed, of, violations: 0 };
}

function failed({ orderId, effect, culprit }: Violation, found: number): string {
  const subject = orderId ? ` of ${orderId}` : '';
  const more = found > 1 ? `; ${found - 1} more` : '';
  return `${effect}${subject}: ${culprit}${more}.`;
}

export type Anomalies = Partial<Record<Anomaly, number>>;

/** How many of each; a kind that did not appear is left out. */
export function tally(violations: readonly Violation[]): Anomalies {
  const counts: Anomalies = {};
  for (const { anomaly, count = 1 } of violations) if (anomaly) counts[anomaly] = (counts[anomaly] ?? 0) + count;
  return counts;
}
