import { callsDirectly } from '../model/arm.js';
import { type ExpectedEffect, HEARERS, topicOf } from './expected-effects.js';
import type { Evidence } from './evidence.js';
import type { Story } from './story.js';

/** The steps on which an effect can be lost, from the order to the eye; the first missing one is the culprit. */
export const LADDER = {
  noOrderRow: 'no order row',
  notAnnounced: 'no outbox row is left and nothing shows that it was announced',
  notInTopic: 'announced, not in the topic',
  neverSent: 'committed, never in the topic',
  notInInbox: 'in the topic, not in the inbox',
  noEffectOfRecord: 'in the topic, no effect',
  noEffect: 'in the inbox, no effect',
  notVisible: 'the effect has happened in part and is not visible',
  notCalled: 'the call was never made',
  rowMissing: 'the provider was called, the row is missing',
  providerNotCalled: 'the row is there, the provider was never called',
} as const;

/** The first missing step of an effect that is not there and that nothing will bring any more. */
export function firstMissingStep(evidence: Evidence, story: Story, lost: ExpectedEffect): string {
  const other = partnerSeen(story, lost);
  if (!story.row && lost.event !== 'user.registered') return LADDER.noOrderRow;
  if (callsDirectly(evidence.arm)) {
    if (other === undefined) return LADDER.notCalled;
    return isRow(lost.effect) ? LADDER.rowMissing : LADDER.providerNotCalled;
  }
  if (other !== undefined) return LADDER.notVisible;
  const record = evidence.recordOf(story.id, lost.event, lost.sequence);
  if (!evidence.marks) return record ? LADDER.noEffectOfRecord : LADDER.neverSent;
  if (!record) return wasAnnounced(evidence, story, lost) ? LADDER.notInTopic : LADDER.notAnnounced;
  return evidence.hasMark(lost.subscriber, record.eventId) ? LADDER.noEffect : LADDER.notInInbox;
}

/** An effect has two halves when the outside world is part of it: what the provider did, and our row of it. */
function partnerSeen(story: Story, { event, subscriber, effect }: ExpectedEffect): string | undefined {
  const together = (HEARERS[event] as Record<string, readonly string[]>)[subscriber]!;
  return together.find((other) => other !== effect && story.seen.has(other));
}

const isRow = (effect: string): boolean => effect.includes('.');

/** A later event of the same aggregate is in the topic: the outbox is read in order, so this one has been in it. */
function wasAnnounced({ log }: Evidence, story: Story, { event, sequence }: ExpectedEffect): boolean {
  return (log?.get(`${topicOf(event)} ${story.id}`) ?? []).some((record) => record.sequence > sequence);
}
