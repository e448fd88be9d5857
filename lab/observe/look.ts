import type pg from 'pg';
import { ledgerText } from './ledger.js';
import type { Places } from './observe.js';
import { onOwnConnection } from './rows.js';
import { readLag } from './topics.js';

export interface Look {
  /** What was found to be under way, as parts of a sentence. */
  missing: string[];
  /** Equal in two looks only when nothing was announced, delivered or done between them. */
  signature: string;
  /** Equal in two looks only when no effect was committed, and none reached the outside world, between them. */
  done: string;
}

/** Looks once, without waiting. A server that is away is something missing: it may come back. */
export async function look({ databaseUrl, ledger, kafka }: Omit<Places, 'restUrl'>): Promise<Look> {
  const missing: string[] = [];
  const seen: unknown[] = [];
  const done: unknown[] = [];
  const part = async (what: string, read: () => Promise<unknown>) => {
    try {
      seen.push(await read());
    } catch (error) {
      missing.push(`${what} cannot be read (${(error as Error).message || 'no answer'})`);
    }
  };
  // What moves from the outbox to a topic, and from there to a lane, must be seen in at least one of them.
  await part('the database', () =>
    onOwnConnection(databaseUrl, async (client) => {
      await part('the outbox', () => outbox(client, missing));
      if (kafka) await part('the topics', () => topics(kafka, missing));
      await part('the lanes', () => lanes(client, missing));
      await part('the effects', async () => done.push(await effects(client)));
    }),
  );
  await part('the ledger', async () => done.push((await ledgerText(ledger)).length));
  return { missing, signature: JSON.stringify([seen, done]), done: JSON.stringify(done) };
}

async function outbox(client: pg.Client, missing: string[]): Promise<unknown> {
  const { rows } = await client.query<{ last: string; rows: number; open: number }>(
    `SELECT (SELECT last_value FROM outbox_seq_seq) AS last, (SELECT count(*)::int FROM outbox) AS rows,
       (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()
          AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()) AS open`,
  );
  const found = rows[0]!;
  if (found.rows > 0) missing.push(`${found.rows} outbox rows wait for the relay`);
  if (found.open > 0) missing.push(`${found.open} transactions are open`);
  return found.last;
}

async function topics(kafka: NonNullable<Places['kafka']>, missing: string[]): Promise<unknown> {
  const { lag, ends } = await readLag(kafka);
  for (const [subscriber, behind] of lag) if (behind > 0) missing.push(`${subscriber} is ${behind} records behind`);
  return ends;
}

async function lanes(client: pg.Client, missing: string[]): Promise<unknown> {
  const { rows } = await client.query<{ subscriber: string; lanes: number; error: string }>(
    `SELECT subscriber, count(*)::int AS lanes, max(error) AS error FROM parked_key
     WHERE due_at < 'infinity' OR lease_until > clock_timestamp() GROUP BY 1 ORDER BY 1`,
  );
  for (const { subscriber, lanes: count, error } of rows)
    missing.push(`${count} lanes of ${subscriber} will be retried (${error || 'queued'})`);
  return rows;
}

async function effects(client: pg.Client): Promise<unknown> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM order_timeline) AS effects, (SELECT sum(sequence) FROM orders) AS orders,
       (SELECT sum(sequence) FROM sales) AS sales, (SELECT count(*) FROM contacts) AS contacts,
       (SELECT count(*) FROM registrations) AS registrations, (SELECT count(*) FROM mails) AS mails,
       (SELECT count(*) FROM inbox) AS marks`,
  );
  return rows[0];
}
