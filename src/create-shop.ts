import { callsDirectly, type Config } from './config.js';
import { openDatabases } from './database/databases.js';
import { ModeLock } from './database/mode-lock.js';
import { finishFormerMode, refuseWaitingLanes } from './former-mode.js';
import { openShop, type ShopAdditions } from './open-shop.js';
import type { Shop } from './shop.js';

export type { Shop, ShopAdditions };

/**
 * Settings in, a listening application out. Events begin to flow in the background, so that a broker that is away
 * delays nobody: `ready` waits for them. Work that another mode has left in the database is finished first; `say` hears
 * how much of it is left.
 * @throws Failure with a sentence that names the fix.
 */
export async function createShop(
  config: Config,
  additions: ShopAdditions = {},
  say?: (sentence: string) => void,
): Promise<Shop> {
  const databases = await openDatabases(config, additions.entities);
  let lock: ModeLock | undefined;
  try {
    lock = await ModeLock.take(config.DATABASE_URL, config.COMM_MODE, config.CACHE === 'on' && !config.REDIS_URL);
    if (lock.former && !callsDirectly(lock.former)) {
      await finishFormerMode(config, lock.former, { additions, say });
      if (callsDirectly(config.COMM_MODE)) await refuseWaitingLanes(databases.api, lock.former, additions);
    }
    await lock.confirm(config.COMM_MODE);
    return await openShop(config, additions, databases, lock);
  } catch (error) {
    await lock?.release();
    await databases.close().catch(() => undefined);
    throw error;
  }
}
