import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Puts an `order.placed` that no release can read into the outbox: it waits for a person at each of its hearers. */
export async function announceSpoiled(
  databaseUrl: string,
  { payload = '{"not":"an order"}', key = String(randomUUID()), sequence = 1 } = {},
): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(
      `INSERT INTO outbox (event_id, name, version, topic, key, sequence, payload, headers)
       VALUES ($1, 'order.placed', 1, 'orders', $2, $3, $4, '{}')`,
      [randomUUID(), key, sequence, payload],
    );
  } finally {
    await client.end();
  }
  return key;
}

/** Rows of a database of which no shop is open. */
export async function rowsOf<T extends object>(databaseUrl: string, sql: string): Promise<T[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}
