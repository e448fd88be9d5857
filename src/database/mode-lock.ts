import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { CommMode } from '../config.js';
import { Failure } from '../messaging/index.js';

/** Every process of a shop holds this lock shared; a change of the mode takes it alone. */
const LOCK = `hashtext('switchyard'), hashtext('mode')`;

/** Held alone by a process that caches in its own memory, shared by all others. */
const CACHE_LOCK = `hashtext('switchyard'), hashtext('cache')`;
const RETAKE_EVERY_MS = 1000;
const LOOK_EVERY_MS = 50;
/** Whoever looks whether it may join shares the lock for a moment: one refusal says nothing yet. */
const MOST_REFUSALS = 5;

/** Whether some process holds the lock alone, because it changes the mode at this moment. */
const CHANGING = `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = hashtext('switchyard')::bigint & 4294967295
  AND objid::bigint = hashtext('mode')::bigint & 4294967295) AS yes`;

/** Another process works on the same database in another mode. */
export class ModeInUse extends Failure {
  readonly code = 'mode_in_use';
  readonly retryable = false;
}

/** A cache in memory would not hear what another process changes. */
export class CacheNotShared extends Failure {
  readonly code = 'cache_not_shared';
  readonly retryable = false;
}

/** Keeps two modes from working on one database: one would not see what the other has announced. */
export class ModeLock {
  private released = false;

  private constructor(
    private client: pg.Client,
    private readonly databaseUrl: string,
    private readonly alone: boolean,
    /** The mode whose work is to be finished before `confirm`; undefined when there is none. */
    readonly former: CommMode | undefined,
    private readonly cachesInMemory: boolean,
  ) {
    this.retakeWhenLost();
  }

  /**
   * Joins the processes in the same mode, or is the only one and changes it. While another process changes the mode,
   * this one waits: many that start together all come up.
   * @throws ModeInUse naming both modes, CacheNotShared naming the setting.
   */
  static async take(databaseUrl: string, mode: CommMode, cachesInMemory: boolean): Promise<ModeLock> {
    return ModeLock.open(databaseUrl, cachesInMemory, (client) => join(client, mode));
  }

  /** Keeps every process from working on the database, in whatever mode. @throws ModeInUse while one does. */
  static async takeAlone(databaseUrl: string): Promise<ModeLock> {
    return ModeLock.open(databaseUrl, false, (client) => join(client, undefined));
  }

  private static async open(databaseUrl: string, cachesInMemory: boolean, take: (client: pg.Client) => Promise<Hold>) {
    const client = await connect(databaseUrl);
    try {
      const { alone, former } = await take(client);
      await lockCache(client, cachesInMemory);
      return new ModeLock(client, databaseUrl, alone, former, cachesInMemory);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** The former mode's work is finished: others may join in `mode`; without one, any mode may start next. */
  async confirm(mode?: CommMode): Promise<void> {
    if (!this.alone) return;
    await this.client.query('BEGIN');
    await this.client.query(`DELETE FROM driven_by`);
    if (mode) await this.client.query(`INSERT INTO driven_by (mode) VALUES ($1)`, [mode]);
    await this.client.query('COMMIT');
    await this.client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
    await this.client.query(`SELECT pg_advisory_unlock(${LOCK})`);
  }

  async release(): Promise<void> {
    this.released = true;
    await this.client.end().catch(() => undefined);
  }

  /** A restart of PostgreSQL ends every session, and with it the lock. */
  private retakeWhenLost(): void {
    this.client.once('end', () => void this.retake());
  }

  private async retake(): Promise<void> {
    while (!this.released) {
      try {
        const client = await connect(this.databaseUrl);
        await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
        await lockCache(client, this.cachesInMemory);
        this.client = client;
        if (this.released) return void (await client.end().catch(() => undefined));
        return this.retakeWhenLost();
      } catch {
        await pause(RETAKE_EVERY_MS, undefined, { ref: false });
      }
    }
  }
}

/** Whether the lock is held alone, and whose work is to be finished then. */
interface Hold {
  alone: boolean;
  former: CommMode | undefined;
}

/** Shares the lock when the mode is ours already, else takes it alone. Without a mode: alone. */
async function join(client: pg.Client, mode: CommMode | undefined): Promise<Hold> {
  for (let refused = 0; ; await pause(LOOK_EVERY_MS)) {
    const driver = await driverOf(client);
    const alone = mode === undefined || driver !== mode;
    const how = alone ? '' : '_shared';
    if (await ask(client, `SELECT pg_try_advisory_lock${how}(${LOCK}) AS yes`)) {
      if ((await driverOf(client)) === driver) return { alone, former: alone ? driver : undefined };
      await client.query(`SELECT pg_advisory_unlock${how}(${LOCK})`);
    } else if (alone && !(await ask(client, CHANGING)) && ++refused === MOST_REFUSALS) throw inUse(driver, mode);
  }
}

function inUse(driver: CommMode | undefined, mode: CommMode | undefined): ModeInUse {
  const who = `A process in COMM_MODE=${driver ?? 'another mode'} works on this database`;
  return new ModeInUse(mode ? `${who}: stop it before you start in ${mode}.` : `${who}: stop it first.`);
}

async function ask(client: pg.Client, question: string): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(question);
  return rows[0]?.yes === true;
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'mode',
    keepAlive: true,
    connectionTimeoutMillis: 5000,
  });
  // Without a listener, a restart of PostgreSQL would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function driverOf(client: pg.Client): Promise<CommMode | undefined> {
  const { rows } = await client.query<{ mode: CommMode }>(`SELECT mode FROM driven_by`);
  return rows[0]?.mode;
}

async function lockCache(client: pg.Client, alone: boolean): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT ${alone ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared'}(${CACHE_LOCK}) AS held`,
  );
  if (!rows[0]?.held)
    throw new CacheNotShared(
      'Another process works on this database, and a cache in memory hears nothing of it: set REDIS_URL, or CACHE=off, for both.',
    );
}
