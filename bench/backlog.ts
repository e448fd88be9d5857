import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { OutboxRow } from '../src/messaging/outbox/outbox-row.js';

const digest = (text: string) => createHash('md5').update(text).digest('hex');
const uuid = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;

/** Row n of a backlog: about 480 bytes of JSON, its key's events numbered from 1. */
export function backlogRow(n: number, keys: number, firstSequence = 1): Omit<OutboxRow, 'seq' | 'announcedAt'> {
  const key = uuid(digest(`key ${n % keys}`));
  const sequence = Math.floor(n / keys) + firstSequence;
  const line = (sku: string) => ({ sku, quantity: 2, unitPrice: 1250 });
  const payload = JSON.stringify({
    orderId: key,
    userId: uuid(digest(`user ${n % keys}`)),
    lines: ['tea-green-0001', 'tea-black-0002', 'cup-white-0003', 'pot-large-0004', 'tin-small-0005'].map(line),
    total: 12_500,
    currency: 'EUR',
    placedAt: '2026-01-01T12:00:00.000Z',
    sequence,
  });
  return {
    eventId: uuid(digest(`event ${n} ${firstSequence}`)),
    name: 'order.placed',
    version: '1',
    topic: 'orders',
    key,
    sequence: String(sequence),
    payload,
    headers: JSON.stringify({
      traceparent: `00-${digest(`trace ${n}`)}-${digest(String(n)).slice(0, 16)}-01`,
      'correlation-id': uuid(digest(`request ${n}`)),
    }),
  };
}

/** Announces a backlog in one transaction, which wakes the relay when it commits: the rows of `backlogRow`, from SQL. */
export async function announceBacklog(db: pg.Client, rows: number, keys: number, firstSequence = 1): Promise<void> {
  const firsts = Array.from({ length: keys }, (_, n) => backlogRow(n, keys));
  const sequence = `(n / $2::int + $3::int)`;
  await db.query('BEGIN');
  await db.query(
    `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
     SELECT gen_random_uuid(), 'order.placed', 1, 'orders', ($4::text[])[n % $2::int + 1], ${sequence},
       replace(($5::text[])[n % $2::int + 1], '"sequence":1}', '"sequence":' || ${sequence} || '}'), ($6::text[])[n % $2::int + 1]
     FROM generate_series(0, $1::int - 1) AS n`,
    [
      rows,
      keys,
      firstSequence,
      firsts.map(({ key }) => key),
      firsts.map(({ payload }) => payload),
      firsts.map(({ headers }) => headers),
    ],
  );
  // What the insert left dirty is not to be written while the relay is measured.
  await db.query('CHECKPOINT');
  await db.query('NOTIFY outbox');
  await db.query('COMMIT');
}
