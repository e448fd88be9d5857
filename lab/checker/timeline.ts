import type { Witness } from '../model/run-result.js';
import type { Evidence } from './evidence.js';
import type { Asked, Story } from './story.js';

type Step = Witness['timeline'][number];

/** All that is known about one order or user, in the order in which it happened. */
export function timelineOf(evidence: Evidence, id: string): Step[] {
  const story = evidence.stories.get(id) ?? evidence.users.get(id);
  const steps = [...client(evidence, id), ...database(evidence, id, story), ...outside(evidence, id)];
  steps.push(...topics(evidence, id), ...faultsAmong(evidence, steps));
  return steps.sort((a, b) => a.atMs - b.atMs);
}

function client({ places, cancels, reads, registrations }: Evidence, id: string): Step[] {
  const asked = (what: string, { invokes, outcomes }: Asked): Step[] => [
    ...invokes.map(({ sentMs, intendedMs }) => ({
      atMs: sentMs,
      where: 'client',
      what: `${what} sent, ${Math.round(sentMs - intendedMs)} ms after its time`,
    })),
    ...outcomes.map(({ type, doneMs, http, code, value }) => ({
      atMs: doneMs,
      where: 'client',
      what: [what, { ok: 'acknowledged', fail: 'refused', info: 'unanswered' }[type], http, code ?? value]
        .filter((word) => word !== undefined)
        .join(' '),
    })),
  ];
  return [
    ...(places.has(id) ? asked('order', places.get(id)!) : []),
    ...(cancels.has(id) ? asked('cancellation', cancels.get(id)!) : []),
    ...(reads.has(id) ? asked('reading', reads.get(id)!) : []),
    ...(registrations.has(id) ? asked('registration', registrations.get(id)!) : []),
  ];
}

function database({ observation }: Evidence, id: string, story?: Story): Step[] {
  const steps: Step[] = observation.effects
    .filter(({ orderId }) => orderId === id)
    .map(({ effect, detail, atMs }) => ({ atMs, where: 'database', what: detail ? `${effect} ${detail}` : effect }));
  const placedAt = story?.row?.placedAtMs;
  for (const { name, key, sequence, atMs = placedAt ?? 0 } of observation.outbox)
    if (key === id) steps.push({ atMs, where: 'outbox', what: `${name} (${sequence}) is still there` });
  for (const { subscriber, key, name, error, atMs = placedAt ?? 0 } of observation.parked)
    if (key === id) steps.push({ atMs, where: 'parked', what: `${name ?? 'unreadable'} for ${subscriber}: ${error}` });
  return steps;
}

const outside = ({ observation }: Evidence, id: string): Step[] =>
  observation.ledger
    .filter(({ key, orderId }) => orderId === id || key.endsWith(id))
    .map(({ kind, atMs, key, status, repeat }) => ({
      atMs,
      where: 'outside',
      what: [
        kind === 'mail' ? `mail ${key.slice(0, key.indexOf('.'))}` : kind,
        status,
        repeat ? 'once more' : undefined,
      ]
        .filter(Boolean)
        .join(' '),
    }));

function topics({ observation }: Evidence, id: string): Step[] {
  const records = (observation.records ?? []).filter(({ key, subject }) => key === id || subject === id);
  const marks = new Map<string, Step[]>();
  const ids = new Set(records.map(({ eventId }) => eventId));
  for (const { subscriber, eventId, atMs } of observation.inbox)
    if (ids.has(eventId))
      marks.set(eventId, [
        ...(marks.get(eventId) ?? []),
        { atMs: atMs ?? 0, where: 'inbox', what: `${nameOf(records, eventId)} is done for ${subscriber}` },
      ]);
  return [
    ...records.map(({ atMs, topic, partition, offset, name, sequence }) => ({
      atMs,
      where: 'topic',
      what: `${name} (${sequence}) at ${topic}/${partition}/${offset}`,
    })),
    ...[...marks.values()].flat(),
  ];
}

const nameOf = (records: readonly { eventId: string; name: string }[], eventId: string) =>
  records.find((record) => record.eventId === eventId)!.name;

/** What the lab did while the order was under way, and in the ten seconds after. */
function faultsAmong({ faults }: Evidence, steps: readonly Step[]): Step[] {
  if (steps.length === 0) return [];
  const first = Math.min(...steps.map(({ atMs }) => atMs));
  const last = Math.max(...steps.map(({ atMs }) => atMs));
  return faults
    .filter(({ atMs }) => atMs >= first - 1_000 && atMs <= last + 10_000)
    .map(({ atMs, name, type, evidence }) => ({
      atMs,
      where: 'fault',
      what: [name, type === 'start' ? 'begins' : 'ends', evidence && `(${evidence})`].filter(Boolean).join(' '),
    }));
}
