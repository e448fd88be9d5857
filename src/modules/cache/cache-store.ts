import KeyvRedis, { createClient } from '@keyv/redis';
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

export function openStore(config: Pick<Config, 'APP_NAME' | 'CACHE' | 'REDIS_URL'>): CacheStore | null {
  if (config.CACHE === 'off') return null;
  return config.REDIS_URL ? onRedis(config.REDIS_URL, `${config.APP_NAME}:cache`) : inMemory();
}

function inMemory(): CacheStore {
  const keyv = new Keyv({ store: new BoundedMap(MOST_IN_MEMORY) });
  return { cache: createCache({ stores: [keyv] }), close: () => undefined };
}

function onRedis(url: string, namespace: string): CacheStore {
  const client = createClient({
    url,
    // A command for a server that is away must fail now: queued, it would run when nobody waits for it any more.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 1000,
    socket: { connectTimeout: 1000, reconnectStrategy: (attempts) => Math.min(50 * 2 ** attempts, 2000) },
  });
  const adapter = new KeyvRedis(client, { namespace, throwOnErrors: true, throwOnConnectError: true });
  const keyv = new Keyv({ store: adapter, namespace, useKeyPrefix: false, throwOnErrors: true });
  // Each failure reaches the caller whom it concerns; without a listener it would end the process as well.
  for (const emitter of [client, adapter, keyv]) emitter.on('error', () => undefined);
  return { cache: createCache({ stores: [keyv] }), close: () => client.isOpen && client.destroy() };
}
