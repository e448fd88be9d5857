import pg from 'pg';
import type { Observation } from '../model/observation.js';

/** What stands in the shop's tables. */
export type KeptRows = Pick<
  Observation,
  | 'orders'
  | 'effects'
  | 'invoices'
  | 'sales'
  | 'mails'
  | 'users'
  | 'contacts'
  | 'registrations'
  | 'outbox'
  | 'inbox'
  | 'parked'
>;

const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

const QUERIES: Record<keyof KeptRows, string> = {
  orders: `SELECT id, user_id AS "userId", status, total::float8 AS total, currency, sequence, mode,
    ${ms('placed_at')} AS "placedAtMs" FROM orders ORDER BY placed_at, id`,
  effects: `SELECT order_id AS "orderId", effect, detail, ${ms('at')} AS "atMs" FROM order_timeline ORDER BY at, order_id`,
  invoices: `SELECT order_id AS "orderId", amount::float8 AS amount, status FROM invoices ORDER BY at`,
  sales: `SELECT order_id AS "orderId", total::float8 AS total, status, sequence, ${ms('changed_at')} AS "changedAtMs"
    FROM sales ORDER BY changed_at`,
  mails: `SELECT subject_id AS "subjectId", template FROM mails ORDER BY at`,
  users: `SELECT id, email FROM users ORDER BY id`,
  contacts: `SELECT user_id AS id FROM contacts ORDER BY 1`,
  registrations: `SELECT user_id AS id FROM registrations ORDER BY 1`,
  outbox: `SELECT event_id AS "eventId", name, key, sequence::int AS sequence, ${ms('announced_at')} AS "atMs"
    FROM outbox ORDER BY seq`,
  inbox: `SELECT subscriber, event_id AS "eventId", ${ms('marked_at')} AS "atMs" FROM inbox ORDER BY marked_at`,
  parked: `SELECT p.subscriber, p.topic, p.key, p.event_id AS "eventId", p.name, k.error, ${ms('p.parked_at')} AS "atMs"
    FROM parked p JOIN parked_key k USING (subscriber, topic, key) ORDER BY p.id`,
};

/** Reads all of it in one snapshot, on a connection of the lab's own that can write nothing. */
export async function keptRows(databaseUrl: string): Promise<KeptRows> {
  return onOwnConnection(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const found: Record<string, unknown[]> = {};
    for (const [name, sql] of Object.entries(QUERIES)) found[name] = (await client.query(sql)).rows as unknown[];
    const ids = (name: string) => (found[name] as { id: string }[]).map(({ id }) => id);
    return { ...found, contacts: ids('contacts'), registrations: ids('registrations') } as unknown as KeptRows;
  });
}

/** @throws Error of the driver when the server is away or takes longer than 10 s for a statement. */
export async function onOwnConnection<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    application_name: 'lab',
  });
  // A server that is killed while nobody asks it would end the process of the lab.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
