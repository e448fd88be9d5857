import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';
import type { Story } from '../story.js';

/** Two owners of one delivery may overlap for a moment, and both call; later than this nobody may have begun. */
const OVERLAP_MS = 1000;
const SEEN_LATE_MS = 5000;

/**
 * I3: each effect at most once. A provider that gave its first answer again has done nothing twice; a mail has. But a
 * delivery that was done must not be handled once more, however harmless that is for who has unique rows and keys.
 */
export function uniqueness(evidence: Evidence): Judgement {
  const violations: Violation[] = [];
  let of = 0;
  for (const story of [...evidence.stories.values(), ...evidence.users.values()]) {
    for (const [effect, times] of story.seen) {
      of++;
      if (times.length === 1) continue;
      const fault = effect.startsWith('mail ') ? faultBetween(evidence, times) : undefined;
      violations.push({
        anomaly: 'twice',
        orderId: story.id,
        effect,
        culprit: `seen ${times.length} times${fault ? `, on both sides of "${fault}"` : ''}`,
        count: times.length - 1,
        explained: fault !== undefined,
      });
    }
    violations.push(...handledAgain(evidence, story));
  }
  return { of, violations, passed: `None of ${of} effects has happened twice.` };
}

/**
 * Mail has no key: when a process dies between SMTP and its commit, the mail is sent once more. A fault is noted when
 * the lab has seen it, which may be a little after it has happened.
 */
function faultBetween({ faults }: Evidence, times: readonly number[]): string | undefined {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const found = faults
    .filter(({ type }) => type === 'start')
    .find(({ name, atMs }) => {
      const healedMs = faults.find((stop) => stop.type === 'stop' && stop.name === name && stop.atMs >= atMs)?.atMs;
      return first <= (healedMs ?? atMs) && last >= atMs - SEEN_LATE_MS;
    });
  return found?.name;
}

/** Calls of a provider that were made again though the delivery that makes them had its mark. */
function handledAgain({ recordOf, markedAtMs }: Evidence, { id, deeds, expected }: Story): Violation[] {
  return deeds.flatMap(({ kind, repeat, atMs }) => {
    const delivery = repeat ? expected.find(({ effect }) => effect === kind) : undefined;
    const record = delivery && recordOf(id, delivery.event, delivery.sequence);
    const markedAt = record && markedAtMs(delivery.subscriber, record.eventId);
    if (markedAt === undefined || atMs - markedAt <= OVERLAP_MS) return [];
    const late = ((atMs - markedAt) / 1000).toFixed(1);
    return [{ anomaly: 'twice', orderId: id, effect: kind, culprit: `asked for again ${late} s after it was done` }];
  });
}
