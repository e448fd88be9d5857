import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import type { Config } from '../../config.js';
import { BoundedMap } from './bounded-map.js';

/** The injection token of the store; null when CACHE=off. */
export const CACHE_STORE = Symbol('CACHE_STORE');

/** Where answers are kept. Reading from a store that fails finds nothing; writing to it rejects. */
export interface CacheStore {
  readonly cache: Cache;
  close(): void;
}

const MOST_IN_MEMORY = 10_000;

export async function openStore(config: Pick<Config, 'APP_NAME' | 'CACHE' | 'REDIS_URL'>): Promise<CacheStore | null> {
  if (config.CACHE === 'off') return null;
  if (!config.REDIS_URL) return inMemory();
  // Its client is 420 files: a shop without Redis does not load them.
  const { onRedis } = await import('./redis-store.js');
  return onRedis(config.REDIS_URL, `${config.APP_NAME}:cache`);
}

function inMemory(): CacheStore {
  const keyv = new Keyv({ store: new BoundedMap(MOST_IN_MEMORY) });
  return { cache: createCache({ stores: [keyv] }), close: () => undefined };
}
