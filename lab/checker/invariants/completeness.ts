import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';
import { firstMissingStep } from '../loss-ladder.js';

/**
 * I2: every order that exists, also one whose client was never told, has each effect at least once. What waits in the
 * outbox, in the topic or in a lane is not lost: I6 and I9 speak of it.
 */
export function completeness(evidence: Evidence): Judgement {
  const violations: Violation[] = [];
  let of = 0;
  for (const story of [...evidence.stories.values(), ...evidence.users.values()]) {
    of += story.expected.length;
    for (const lost of story.expected) {
      if (story.seen.has(lost.effect) || evidence.waits(story.id, lost)) continue;
      const { event, subscriber, effect } = lost;
      const culprit = firstMissingStep(evidence, story, lost);
      violations.push({ anomaly: 'lost', orderId: story.id, effect, culprit, cause: { event, subscriber } });
    }
  }
  return { of, violations, passed: `All ${of} effects that must follow are there.` };
}
