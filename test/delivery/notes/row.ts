import { randomUUID } from 'node:crypto';
import { toHeaders } from '../../../src/messaging/record.js';
import { NoteWritten } from './note.events.js';

/** An outbox row as any release, or anybody else, may have written it. */
export interface SlippedRow {
  eventId?: string;
  name?: string;
  version?: number;
  topic?: string;
  key: string;
  sequence?: number;
  payload?: string;
  announcedAt?: Date;
}

type Query = (sql: string, values?: unknown[]) => Promise<unknown>;

/** Puts a row into the outbox past the contracts; its event id. */
export async function slip(query: Query, row: SlippedRow): Promise<string> {
  const { eventId = randomUUID(), name = NoteWritten.name, version = 1, topic = 'notes', key, sequence = 1 } = row;
  const payload = row.payload ?? JSON.stringify({ noteId: key, sequence, text: '' });
  await query(
    `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers, announced_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', COALESCE($8, clock_timestamp()))`,
    [eventId, name, version, topic, key, sequence, payload, row.announcedAt ?? null],
  );
  await query(`NOTIFY outbox`);
  return eventId;
}

/** The headers of a record that announces a written note, as the relay writes them. */
export const noteHeaders = (eventId: string, version = 1): Record<string, string> =>
  toHeaders(
    {
      seq: '1',
      eventId,
      name: NoteWritten.name,
      version: String(version),
      topic: 'notes',
      key: '',
      sequence: '1',
      payload: '',
      headers: '{}',
      announcedAt: new Date().toISOString(),
    },
    'shop',
  );
