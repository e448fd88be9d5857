import { ANOMALIES, INVARIANTS, type Check, type Invariant, type Witness } from '../model/run-result.js';
import { type CheckInput, type Evidence, gather } from './evidence.js';
import { balance } from './invariants/balance.js';
import { completeness } from './invariants/completeness.js';
import { conservation } from './invariants/conservation.js';
import { convergence } from './invariants/convergence.js';
import { durability } from './invariants/durability.js';
import { ghosts } from './invariants/ghosts.js';
import { achievedShare, faultBit, harness } from './invariants/harness.js';
import { keyOrder } from './invariants/key-order.js';
import { parking } from './invariants/parking.js';
import { staleness } from './invariants/staleness.js';
import { uniqueness } from './invariants/uniqueness.js';
import { type Anomalies, type Judgement, tally, toCheck, type Violation } from './judgement.js';
import { type OrderTimes, orderTimes } from './order-times.js';
import { surprises } from './surprises.js';
import { timelineOf } from './timeline.js';

const JUDGES: Record<Invariant, (evidence: Evidence) => Judgement> = {
  I1: durability,
  I2: completeness,
  I3: uniqueness,
  I4: ghosts,
  I5: keyOrder,
  I6: convergence,
  I7: conservation,
  I8: balance,
  I9: parking,
  I10: staleness,
  I11: faultBit,
  I12: harness,
};
const WITNESSES = 3;

/** What the checker has to say about one block. */
export interface BlockVerdict {
  checks: Check[];
  /** How many of each; a kind that did not appear is left out. */
  anomalies: Anomalies;
  /** Those of them that a fault of the lab explains and no shop could have prevented: second mails. */
  explained: Anomalies;
  /** At most three for each kind. */
  witnesses: Witness[];
  perOrder: Map<string, OrderTimes>;
  /** Of the planned orders the share that was sent while the schedule ran. */
  achievedShare: number;
  /** What the scenario does not allow to this arm, as sentences; empty: as predicted, as far as this block can tell. */
  surprises: string[];
}

/**
 * Judges one block: what the clients were told against what the lab has read by itself. Asks nobody and starts nothing,
 * so that a run folder gives the same answer on another day.
 */
export function checkBlock(input: CheckInput): BlockVerdict {
  const evidence = gather(input);
  const judged = INVARIANTS.map((invariant) => ({ invariant, judgement: JUDGES[invariant](evidence) }));
  const checks = judged.map(({ invariant, judgement }) => toCheck(invariant, judgement));
  const violations = [
    ...countedOnce(judged.map(({ judgement }) => judgement)),
    ...inDoubt(evidence),
    ...waitingPoison(evidence),
  ];
  return {
    checks,
    anomalies: tally(violations),
    explained: tally(violations.filter(({ explained }) => explained)),
    witnesses: witnessesOf(evidence, violations),
    perOrder: orderTimes(evidence),
    achievedShare: achievedShare(evidence),
    surprises: surprises(violations, input.planned.allowed),
  };
}

/**
 * The same loss shows in several invariants: the effect that is missing (I2), its event (I5), its delivery (I8). It
 * counts for the first of them.
 */
function countedOnce(judgements: readonly Judgement[]): Violation[] {
  const told = new Set<string>();
  return judgements.flatMap(({ violations }) => {
    const fresh = violations.filter(({ orderId, cause }) => !cause || !told.has(placeOf(orderId, cause)));
    for (const { orderId, cause } of violations)
      if (cause) told.add(placeOf(orderId, cause)).add(placeOf(orderId, { event: cause.event }));
    return fresh;
  });
}

const placeOf = (orderId: string, { event, subscriber }: NonNullable<Violation['cause']>): string =>
  [orderId, event, subscriber].join(' ');

/** Requests of which the client cannot know what has become: no anomaly of the shop, but the reader wants to know. */
const inDoubt = ({ places }: Evidence): Violation[] =>
  [...places].flatMap(([orderId, { told, outcomes }]) =>
    told === 'info'
      ? [{ anomaly: 'in-doubt', orderId, effect: 'the order', culprit: outcomes.at(-1)?.code ?? 'no answer' }]
      : [],
  );

/** Parked as it should be: it stops these orders all the same. */
const waitingPoison = ({ observation, poisoned }: Evidence): Violation[] =>
  observation.parked
    .filter(({ key }) => poisoned.has(key))
    .map(({ key, subscriber, name, error }) => ({
      anomaly: 'stuck',
      orderId: key,
      effect: `the delivery of ${name ?? 'something unreadable'} to ${subscriber}`,
      culprit: `parked: ${error || 'behind another'}`,
    }));

/** Of different orders, if there are several. */
function witnessesOf(evidence: Evidence, violations: readonly Violation[]): Witness[] {
  return ANOMALIES.flatMap((anomaly) => {
    const firsts = new Map<string, Violation>();
    for (const violation of violations)
      if (violation.anomaly === anomaly && !firsts.has(violation.orderId)) firsts.set(violation.orderId, violation);
    return [...firsts.values()].slice(0, WITNESSES).map(({ orderId, effect, culprit }) => ({
      anomaly,
      orderId,
      effect,
      culprit,
      timeline: timelineOf(evidence, orderId),
    }));
  });
}
