import pg from 'pg';
import { Failure } from '../failure.js';
import { WAKE_CHANNEL } from './wake-up.js';

/** The connection to PostgreSQL is pooled by transaction: a session lock would be somebody else's at the next statement. */
export class SessionsNotKept extends Failure {
  readonly code = 'sessions_not_kept';
  readonly retryable = false;
}

/** One lock for each database: whoever holds it is the relay. */
const LOCK = `hashtext('switchyard'), hashtext('relay')`;
const THAT_LOCK = `locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = hashtext('switchyard')::bigint & 4294967295
  AND objid::bigint = hashtext('relay')::bigint & 4294967295`;
/** A leader sees who waits. No longer at a time: a statement that waits keeps its snapshot, and vacuum from the outbox. */
const WAIT = `SET lock_timeout = '1s'`;
const LOCK_NOT_AVAILABLE = '55P03';

// A paused leader loses the lock within seconds, because its silent session is ended.
const SESSION = `SET idle_session_timeout = '15s'; SET idle_in_transaction_session_timeout = '5s';
  SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3`;

/** The session that holds the relay's lock: it leads for as long as its connection lives. */
export class Leadership {
  private alive = true;

  private constructor(
    private readonly client: pg.Client,
    private readonly onEnd: () => void,
  ) {}

  /** Becomes the leader, or resolves to undefined when another process still is after a second. */
  static async acquire(databaseUrl: string, woken: () => void): Promise<Leadership | undefined> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      application_name: 'relay',
      // Everything as text: the relay passes bytes on and computes with none of them.
      types: { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig,
    });
    const leadership = new Leadership(client, woken);
    // Without a listener, a restart of PostgreSQL would end the process.
    client.on('error', () => leadership.lost());
    client.on('end', () => leadership.lost());
    client.on('notification', woken);
    await client.connect();
    try {
      await client.query(SESSION);
      await client.query(WAIT);
      const { rows } = await client.query<{ pid: string }>(`SELECT pg_advisory_lock(${LOCK}), pg_backend_pid() AS pid`);
      await client.query(`RESET lock_timeout`);
      await refusePooledSessions(client, rows[0]!.pid);
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
      return leadership;
    } catch (error) {
      await client.end().catch(() => undefined);
      if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return undefined;
      throw error;
    }
  }

  get holds(): boolean {
    return this.alive;
  }

  /** Runs a statement on the leader's session; rows as arrays of text. */
  async rows(name: string, text: string, values: unknown[]): Promise<string[][]> {
    const result = await this.client.query<string[]>({ name, text, values, rowMode: 'array' });
    return result.rows;
  }

  /** Whether another process waits for the lead at this moment. */
  async isAwaited(): Promise<boolean> {
    const { rows } = await this.client.query(`SELECT 1 FROM pg_locks WHERE ${THAT_LOCK} AND NOT granted`);
    return rows.length > 0;
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.client.end().catch(() => undefined);
  }

  private lost(): void {
    this.alive = false;
    this.onEnd();
  }
}

async function refusePooledSessions(client: pg.Client, pid: string): Promise<void> {
  const { rows } = await client.query<{ pid: string; holder: string | null }>(
    `SELECT pg_backend_pid() AS pid, (SELECT pid FROM pg_locks WHERE ${THAT_LOCK} AND granted) AS holder`,
  );
  if (rows[0]?.pid !== pid || rows[0]?.holder !== pid)
    throw new SessionsNotKept(
      'DATABASE_URL leads through a pooler that does not keep sessions: point it at PostgreSQL itself.',
    );
}
