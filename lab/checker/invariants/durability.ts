import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';
import { LADDER } from '../loss-ladder.js';

/** I1: whatever was acknowledged is there. */
export function durability({ places, cancels, registrations, stories, observation }: Evidence): Judgement {
  const violations: Violation[] = [];
  const gone = (orderId: string, effect: string, culprit: string) =>
    violations.push({ anomaly: 'lost', orderId, effect, culprit });
  let of = 0;
  for (const [id, { told }] of places) {
    if (told !== 'ok') continue;
    of++;
    if (!stories.get(id)?.row) gone(id, 'the acknowledged order', LADDER.noOrderRow);
  }
  const status = new Map(observation.orders.map((order) => [order.id, order.status]));
  for (const [id, { told }] of cancels) {
    if (told !== 'ok') continue;
    of++;
    if (status.get(id) !== 'cancelled')
      gone(id, 'the acknowledged cancellation', `the order is ${status.get(id) ?? 'not there'}`);
  }
  const emails = new Set(observation.users.map(({ email }) => email.toLowerCase()));
  for (const [email, { told }] of registrations) {
    if (told !== 'ok') continue;
    of++;
    if (!emails.has(email.toLowerCase())) gone(email, 'the acknowledged registration', 'no user row');
  }
  return { of, violations, passed: `All ${of} acknowledged requests are kept.` };
}
