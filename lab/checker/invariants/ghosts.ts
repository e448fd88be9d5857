import type { Evidence } from '../evidence.js';
import { isEvent, ONLY_AFTER } from '../expected-effects.js';
import type { Judgement, Violation } from '../judgement.js';
import { subjectOf, type Story } from '../story.js';

type Say = (orderId: string, effect: string, culprit: string) => void;

/** The answers that say that an earlier request with this id has been kept. */
const KEPT_BEFORE = new Set(['order_exists', 'request_in_progress']);

/** I4: every effect, event and deed outside has a committed order that allows it; what was refused has left nothing. */
export function ghosts(evidence: Evidence): Judgement {
  const violations: Violation[] = [];
  const say: Say = (orderId, effect, culprit) => violations.push({ anomaly: 'ghost', orderId, effect, culprit });
  const { observation, places, stories } = evidence;
  for (const { id } of observation.orders) {
    if (!stories.has(id) && !evidence.elsewhere.has(id)) say(id, 'the order', 'nobody has asked for it');
    const asked = places.get(id);
    const refused = asked?.told === 'fail' && !asked.outcomes.some(({ code = '' }) => KEPT_BEFORE.has(code));
    if (refused) say(id, 'the order', 'it was refused and is kept');
  }
  withoutOrder(evidence, say);
  for (const story of stories.values()) withoutReason(evidence, story, say);
  const of = observation.effects.length + observation.ledger.length + (observation.records?.length ?? 0);
  return { of, violations, passed: `Each of ${of} effects, deeds and records has its order.` };
}

/** Rows, deeds and records of something that is not in the database. */
function withoutOrder({ observation, elsewhere, poisoned, log }: Evidence, say: Say): void {
  const there = new Set([...observation.orders.map(({ id }) => id), ...observation.users.map(({ id }) => id)]);
  const known = (id: string) => there.has(id) || elsewhere.has(id) || poisoned.has(id);
  const none = 'its order was never kept';
  for (const { orderId, effect, detail } of observation.effects)
    if (!known(orderId)) say(orderId, detail && effect === 'mail.sent' ? `${effect} ${detail}` : effect, none);
  for (const deed of observation.ledger) {
    // A card that was declined has cost nobody anything.
    const harmless = (deed.kind === 'charge' && deed.status === 'declined') || (deed.repeat && deed.kind !== 'mail');
    if (!harmless && !known(subjectOf(deed))) say(subjectOf(deed), deed.kind, none);
  }
  for (const records of log?.values() ?? [])
    for (const { name, key, subject, sequence } of records)
      if (!known(subject || (key ?? ''))) say(subject || (key ?? ''), `the event ${name} (${sequence})`, none);
}

/** What an order that exists has had though nothing that was committed allows it. */
function withoutReason({ log, poisoned }: Evidence, { id, row, events, seen }: Story, say: Say): void {
  if (!row || poisoned.has(id)) return;
  const committed = new Set<string>(events.map(({ name }) => name));
  for (const [effect, event] of ONLY_AFTER)
    if (seen.has(effect) && !committed.has(event)) say(id, effect, `there was no ${event}`);
  const counted = new Set(events.map(({ name, sequence }) => `${name} ${sequence}`));
  for (const topic of ['orders', 'billing', 'shipping'])
    for (const { name, sequence } of log?.get(`${topic} ${id}`) ?? [])
      if (isEvent(name) && !counted.has(`${name} ${sequence}`))
        say(id, `the event ${name} (${sequence})`, 'no row has come to it');
}
