import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';

/** I9: what is parked is the poison that the scenario has put there, and what stands behind it; nothing else. */
export function parking({ observation, poisoned, marks }: Evidence): Judgement {
  const { parked } = observation;
  const violations: Violation[] = parked
    .filter(({ key }) => !poisoned.has(key))
    .map(({ key, subscriber, name, error }) => ({
      anomaly: 'stuck',
      orderId: key,
      effect: `the delivery of ${name ?? 'something unreadable'} to ${subscriber}`,
      culprit: `parked without poison (${error || 'behind another'})`,
    }));
  if (marks)
    for (const key of poisoned)
      if (!parked.some((row) => row.key === key))
        violations.push({ orderId: key, effect: 'the poison', culprit: 'nobody has parked it' });
  const of = parked.length + poisoned.size;
  return { of, violations, passed: `Parked: ${parked.length} deliveries, all of ${poisoned.size} poisoned keys.` };
}
