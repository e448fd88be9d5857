import { callsDirectly, type CommMode, type Config } from './config.js';
import { openForTool } from './database/databases.js';
import { ModeLock } from './database/mode-lock.js';
import { finishFormerMode, refuseWaitingLanes, type Finishing } from './former-mode.js';

export interface DrainOptions extends Finishing {
  /** Accepts lanes that wait for a person: they stay parked, and no redrive is possible in a sync mode. */
  leaveParked?: boolean;
}

/**
 * Finishes what the last mode on this database has begun, and starts no other: any mode may start afterwards.
 * Resolves with that mode; undefined when there was none.
 * @throws Failure with a sentence that names the fix.
 */
export async function drain(config: Config, options: DrainOptions = {}): Promise<CommMode | undefined> {
  const db = await openForTool(config);
  let lock: ModeLock | undefined;
  try {
    lock = await ModeLock.takeAlone(config.DATABASE_URL);
    const { former } = lock;
    if (former && !callsDirectly(former)) {
      // Port 0: the usual one may be in use, and there is nothing to serve.
      await finishFormerMode({ ...config, PORT: 0, HOST: '127.0.0.1' }, former, options);
      if (!options.leaveParked) await refuseWaitingLanes(db, former, options.additions);
    }
    await lock.confirm();
    return former;
  } finally {
    await lock?.release();
    await db.destroy();
  }
}
