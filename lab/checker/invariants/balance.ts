import type { Evidence } from '../evidence.js';
import { hearersOf, isEvent, SUBSCRIBERS, type CommittedEvent } from '../expected-effects.js';
import type { Judgement, Violation } from '../judgement.js';
import { firstMissingStep, LADDER } from '../loss-ladder.js';
import { tellStories } from '../story.js';

/**
 * I8: what was committed, times those who must hear of it, is what has a mark, is parked or is pending: the remainder
 * is 0. It sees a delivery that leaves no effect behind, as those to the cache. Where deliveries leave no marks the
 * ledger is kept over the effects.
 */
export function balance(evidence: Evidence): Judgement {
  if (!evidence.marks || evidence.toggled) return balanceOfEffects(evidence);
  return evidence.log ? balanceOfDeliveries(evidence) : balanceOfTotals(evidence);
}

function balanceOfEffects(evidence: Evidence): Judgement {
  const violations: Violation[] = [];
  let of = 0;
  for (const story of [...evidence.stories.values(), ...evidence.users.values()])
    for (const expected of story.expected) {
      of++;
      if (story.seen.has(expected.effect) || evidence.waits(story.id, expected)) continue;
      const { effect, event, subscriber } = expected;
      const culprit = firstMissingStep(evidence, story, expected);
      violations.push({ anomaly: 'lost', orderId: story.id, effect, culprit, cause: { event, subscriber } });
    }
  return { of, violations, passed: `${of} effects are owed and ${of} are there; deliveries leave no marks here.` };
}

/** Each record that stands in a topic, for each subscriber that must hear it. */
function balanceOfDeliveries(evidence: Evidence): Judgement {
  const violations: Violation[] = [];
  let of = 0;
  for (const records of evidence.log!.values())
    for (const { name, key, subject, eventId, sequence } of records) {
      const id = subject || (key ?? '');
      if (!isEvent(name) || evidence.elsewhere.has(id)) continue;
      for (const [subscriber] of hearersOf(name)) {
        of++;
        if (evidence.hasMark(subscriber, eventId)) continue;
        if (evidence.waits(id, { event: name, sequence, subscriber })) continue;
        const effect = `the delivery of ${name} to ${subscriber}`;
        const cause = { event: name, subscriber };
        violations.push({ anomaly: 'lost', orderId: id, effect, culprit: LADDER.notInInbox, cause });
      }
    }
  return { of, violations, passed: `${of} deliveries are owed and ${of} have a mark, are parked or are pending.` };
}

/** Without a topic nobody knows which order a mark is about: the sums must agree. */
function balanceOfTotals(evidence: Evidence): Judgement {
  const { orders, users, inbox, outbox, parked } = evidence.observation;
  const stories = tellStories(
    orders.map(({ id }) => id),
    evidence.observation,
  );
  const heard = (events: readonly CommittedEvent[]) =>
    events.reduce((sum, { name }) => sum + hearersOf(name).length, 0);
  const owed =
    users.length * hearersOf('user.registered').length +
    [...stories.values()].reduce((sum, { events }) => sum + heard(events), 0);
  const marks = inbox.filter(({ subscriber }) => SUBSCRIBERS.has(subscriber));
  const settled = new Set([...marks, ...parked].map(({ subscriber, eventId }) => `${subscriber} ${eventId}`));
  const pending = outbox.flatMap(({ name, eventId }) =>
    isEvent(name) ? hearersOf(name).filter(([subscriber]) => !settled.has(`${subscriber} ${eventId}`)) : [],
  );
  // Among what is parked under a poisoned key, nobody can tell the poison from what stands behind it.
  const doubtful = parked.filter(({ key }) => evidence.poisoned.has(key)).length;
  const most = marks.length + pending.length + parked.length;
  const remainder = owed > most ? owed - most : Math.min(0, owed - (most - doubtful));
  const culprit = `${owed} are owed; ${marks.length} have a mark, ${parked.length} are parked, ${pending.length} are pending`;
  const effect = remainder > 0 ? 'deliveries' : 'deliveries of nothing';
  // Without an anomaly: whose effects are missing is told by I2, and must not be counted again.
  const violation: Violation = { orderId: '', effect, culprit, count: Math.abs(remainder) };
  return {
    of: owed,
    violations: remainder === 0 ? [] : [violation],
    passed: `${owed} deliveries are owed and ${owed} have a mark, are parked or are pending.`,
  };
}
