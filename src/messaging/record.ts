import { createHash } from 'node:crypto';
import { v8, validate } from './identifier.js';
import type { EventCatalogue, Known, Poison } from './event-catalogue.js';
import { Failure } from './failure.js';
import type { OutboxRow } from './outbox/outbox-row.js';

/** A record as any carrier hands it over: bytes, and where it stood. */
export interface CarriedRecord {
  topic: string;
  partition: number;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | undefined>;
}

/** One record on its way to one subscriber. */
export interface Arrival {
  record: CarriedRecord;
  /** The key of the lane: deliveries of one (subscriber, topic, key) keep their order. */
  key: string;
  eventId: string;
  name?: string;
  version?: number;
  /** When it was announced, by the publisher's database; undefined when the record does not say. */
  announcedAt?: Date;
  correlationId?: string;
  traceparent?: string;
  content: Known | Poison | { unknown: string };
}

/** A record that no release of this application could read. */
export class UnreadableRecord extends Failure {
  readonly code = 'unreadable_record';
  readonly retryable = false;
}

/** The CloudEvents 1.0 Kafka binary binding of an outbox row: data in the value, everything else in headers. */
export function toHeaders(row: OutboxRow, app: string): Record<string, string> {
  // Assigned one by one to the parsed object: a spread costs the relay twice as much for each record.
  const headers = JSON.parse(row.headers) as Record<string, string>;
  headers.ce_specversion = '1.0';
  headers.ce_id = row.eventId;
  headers.ce_type = row.name;
  headers.ce_source = `urn:${app}`;
  headers.ce_time = row.announcedAt;
  headers.ce_subject = row.key;
  headers.ce_dataschema = `urn:${app}:event:${row.name}:${row.version}`;
  headers.ce_sequence = row.sequence;
  headers.ce_sequencetype = 'Integer';
  headers['content-type'] = 'application/json';
  return headers;
}

/** Reads a record. Never throws: what cannot be read arrives as poison, with an identity and a lane of its own. */
export function toArrival(record: CarriedRecord, app: string, catalogue: EventCatalogue): Arrival {
  const place = `${record.topic}/${record.partition}/${record.offset}`;
  const text = (name: string) => record.headers[name]?.toString('utf8');
  const id = text('ce_id');
  const own = id !== undefined && validate(id) && text('ce_source') === `urn:${app}`;
  const version = /:(\d{1,4})$/.exec(text('ce_dataschema') ?? '')?.[1];
  const time = Date.parse(text('ce_time') ?? '');
  const arrival: Arrival = {
    record,
    key: laneKey(record.key, place),
    eventId: own ? id.toLowerCase() : v8(place),
    name: text('ce_type'),
    version: version ? Number(version) : undefined,
    announcedAt: own && !Number.isNaN(time) ? new Date(time) : undefined,
    correlationId: text('correlation-id'),
    traceparent: text('traceparent'),
    content: { unknown: '' },
  };
  arrival.content = own
    ? catalogue.read(arrival.name, arrival.version, record.value)
    : {
        poison: new UnreadableRecord(
          `The record at ${place} has no UUID as ce_id, or its ce_source is not urn:${app}.`,
        ),
      };
  return arrival;
}

/** UTF-8 without NUL and of at most 200 bytes stands for itself, so that a person can read the lane's name. */
function laneKey(key: Buffer | null, place: string): string {
  if (key === null) return place;
  const text = key.toString('utf8');
  const plain = key.length > 0 && key.length <= 200 && !text.includes('\0') && Buffer.from(text).equals(key);
  return plain ? text : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** The headers of a parked record as bytes: poison, too, must be storable. */
export const packHeaders = (headers: CarriedRecord['headers']): Buffer =>
  Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, v?.toString('base64')]))));

export const unpackHeaders = (bytes: Buffer): CarriedRecord['headers'] =>
  Object.fromEntries(
    Object.entries(JSON.parse(bytes.toString('utf8')) as Record<string, string>).map(([n, v]) => [
      n,
      Buffer.from(v, 'base64'),
    ]),
  );
