import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { CommMode } from '../config.js';
import { Failure } from '../messaging/index.js';

/** Every process of a shop holds this lock shared; a change of the mode takes it alone. */
const LOCK = `hashtext('switchyard'), hashtext('mode')`;

/** Held alone by a process that caches in its own memory, shared by all others. */
const CACHE_LOCK = `hashtext('switchyard'), hashtext('cache')`;
const RETAKE_EVERY_MS = 1000;

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
    private readonly mode: CommMode,
    private readonly alone: boolean,
    /** The mode whose work is to be finished before `confirm`; undefined when there is none. */
    readonly former: CommMode | undefined,
    private readonly cachesInMemory: boolean,
  ) {
    this.retakeWhenLost();
  }

  /** @throws ModeInUse naming both modes, CacheNotShared naming the setting. */
  static async take(databaseUrl: string, mode: CommMode, cachesInMemory: boolean): Promise<ModeLock> {
    const client = await connect(databaseUrl);
    try {
      await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
      const alone = (await driverOf(client)) !== mode && (await becomeAlone(client, mode));
      const driver = await driverOf(client);
      await lockCache(client, cachesInMemory);
      return new ModeLock(client, databaseUrl, mode, alone, driver === mode ? undefined : driver, cachesInMemory);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** The former mode's work is finished: others may join in this one. */
  async confirm(): Promise<void> {
    if (!this.alone) return;
    await this.client.query(`DELETE FROM driven_by`);
    await this.client.query(`INSERT INTO driven_by (mode) VALUES ($1)`, [this.mode]);
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

/** Trades the shared lock for the one that is held alone; false when the mode was changed to ours meanwhile. */
async function becomeAlone(client: pg.Client, mode: CommMode): Promise<boolean> {
  await client.query(`SELECT pg_advisory_unlock_shared(${LOCK})`);
  const { rows } = await client.query<{ alone: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS alone`);
  if (rows[0]?.alone) return true;
  const driver = await driverOf(client);
  if (driver !== mode)
    throw new ModeInUse(
      `A process in COMM_MODE=${driver ?? 'another mode'} works on this database: stop it before you start in ${mode}.`,
    );
  await client.query(`SELECT pg_advisory_lock_shared(${LOCK})`);
  return false;
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
