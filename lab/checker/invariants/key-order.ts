import type { TopicRecord } from '../../model/observation.js';
import type { Evidence } from '../evidence.js';
import { foldOfSale } from '../expected-effects.js';
import type { Judgement, Violation } from '../judgement.js';
import type { Story } from '../story.js';

/**
 * I5: the events of one order stand in one partition, numbered 1, 2, 3 … with the offset, none missing; and what
 * analytics has made of them is what they come to in this order.
 */
export function keyOrder(evidence: Evidence): Judgement {
  const violations: Violation[] = [];
  let of = 0;
  for (const story of [...evidence.stories.values(), ...evidence.users.values()]) {
    if (story.events.length === 0 || evidence.poisoned.has(story.id)) continue;
    of += story.events.length;
    if (evidence.log && !evidence.toggled) violations.push(...gaps(evidence, story));
    if (story.sale) violations.push(...wrongFold(story));
  }
  for (const records of evidence.log?.values() ?? []) violations.push(...inversions(records));
  const lost = evidence.arm.needsKafka && !evidence.log;
  return {
    of,
    violations,
    passed: `All ${of} events came in the order in which they happened.`,
    unknown: lost ? 'The topics could not be read.' : undefined,
  };
}

/** A committed event that is neither in the topic nor on its way. */
function gaps(evidence: Evidence, { id, events }: Story): Violation[] {
  return events
    .filter(({ name, sequence }) => !evidence.recordOf(id, name, sequence) && !evidence.inOutbox(id, name, sequence))
    .map(({ name, sequence }) => ({
      anomaly: 'lost' as const,
      orderId: id,
      effect: `the event ${name} (${sequence})`,
      culprit: 'it is not in its topic',
      cause: { event: name },
    }));
}

function inversions(records: readonly TopicRecord[]): Violation[] {
  const violations: Violation[] = [];
  let highest = 0;
  for (const { topic, partition, key, subject, name, sequence } of records) {
    const say = (culprit: string) =>
      violations.push({
        anomaly: 'reordered',
        orderId: subject || (key ?? ''),
        effect: `the event ${name} (${sequence})`,
        culprit,
      });
    if (subject && key !== subject) say(`it has another key than its order in ${topic}`);
    else if (partition !== records[0]!.partition) say(`it is in another partition of ${topic}`);
    else if (sequence <= highest) say(`it comes behind ${highest} in ${topic}`);
    highest = Math.max(highest, sequence);
  }
  return violations;
}

/** A sale that is behind has lost something; one that has come to something else was told in a wrong order. */
function wrongFold({ id, sale, events }: Story): Violation[] {
  const fold = foldOfSale(events);
  if (sale!.sequence < fold.sequence) return [];
  if (sale!.sequence === fold.sequence && sale!.status === fold.status) return [];
  const culprit = `it says ${sale!.status} (${sale!.sequence}), the events come to ${fold.status} (${fold.sequence})`;
  return [{ anomaly: 'reordered', orderId: id, effect: 'the sale', culprit }];
}
