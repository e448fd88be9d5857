/** An event written in the business transaction, waiting for the relay. Columns as PostgreSQL's text. */
export interface OutboxRow {
  seq: string;
  eventId: string;
  name: string;
  version: string;
  topic: string;
  key: string;
  sequence: string;
  payload: string;
  headers: string;
  /** ISO 8601 in UTC. */
  announcedAt: string;
}

/** The columns of a row in the order of `OutboxRow`; `announced_at` as CloudEvents wants its time. */
export const OUTBOX_COLUMNS = `seq, event_id AS "eventId", name, version, topic, key, sequence, payload, headers,
  to_char(announced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "announcedAt"`;
