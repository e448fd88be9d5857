import type { Tx } from '../effects.js';
import type { AnyEvent, EventData } from '../event.js';
import { Failure } from '../failure.js';
import { v7 } from '../identifier.js';
import { currentContext, traceparentOf } from '../message-context.js';

/** The data of an event is larger than a record may be. */
export class EventTooLarge extends Failure {
  readonly code = 'event_too_large';
  readonly retryable = false;
}

/** 512 KiB: half of a broker's default record batch, so that a row can always be sent. */
const MOST_BYTES = 524_288;

/** Where announcements go. */
export abstract class Outbox {
  /**
   * Announces an event in the caller's transaction, which has locked the aggregate's row: sent if and only if it
   * commits, in the order of the aggregate's sequence.
   */
  abstract add<E extends AnyEvent>(tx: Tx, event: E, data: EventData<E>): Promise<void>;
}

/** What is stored of an announcement. */
export interface Announcement {
  eventId: string;
  event: AnyEvent;
  key: string;
  sequence: number;
  payload: string;
  headers: string;
}

/** Turns an event's data into what is stored: checked by the contract, without what the contract does not name. */
export function announcement(event: AnyEvent, data: unknown): Announcement {
  const parsed: unknown = event.schema.parse(data);
  const payload = JSON.stringify(parsed);
  if (Buffer.byteLength(payload) > MOST_BYTES)
    throw new EventTooLarge(`${event.name} has more than ${MOST_BYTES} bytes of data: announce a reference instead.`);
  const eventId = v7();
  const context = currentContext();
  const headers: Record<string, string> = {
    traceparent: traceparentOf(context?.traceparent),
    'correlation-id': context?.correlationId ?? eventId,
  };
  if (context?.causationId) headers['causation-id'] = context.causationId;
  return {
    eventId,
    event,
    key: event.key(parsed),
    sequence: event.sequence(parsed),
    payload,
    headers: JSON.stringify(headers),
  };
}
