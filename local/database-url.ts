import pg from 'pg';
import { Problem } from './problem.js';

/** The mode that last ran on this database; undefined when none has yet. */
export async function lastModeOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ mode: string }>('select mode from driven_by');
    return rows[0]?.mode;
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return undefined; // no table: never migrated
    throw error;
  } finally {
    await client.end();
  }
}

/**
 * Connects once with the DATABASE_URL that somebody has set.
 * @throws Problem that says what is wrong with it, without the password.
 */
export async function checkDatabaseUrl(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    throw new Problem('database_url', sentence(client, error as Error & { code?: string }), { cause: error });
  } finally {
    void client.end().catch(() => {});
  }
}

const OR_NONE = 'or unset DATABASE_URL and npm start brings its own PostgreSQL';

function sentence(
  { host, port, user, database }: pg.Client,
  { code = '', message }: Error & { code?: string },
): string {
  if (code === '28P01' || code === '28000')
    return `PostgreSQL at ${host}:${port} refuses the user ${user} of DATABASE_URL: mend its name or password, ${OR_NONE}.`;
  if (code === '3D000')
    return `PostgreSQL at ${host}:${port} has no database ${database}: create it (createdb ${database}), ${OR_NONE}.`;
  if (code.length === 5 && !code.startsWith('E'))
    return `PostgreSQL at ${host}:${port} does not let DATABASE_URL in (${message}): mend it, ${OR_NONE}.`;
  return `No PostgreSQL answers at ${host}:${port} of DATABASE_URL (${code || message}): start it there, ${OR_NONE}.`;
}
