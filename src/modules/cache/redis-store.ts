import KeyvRedis, { createClient } from '@keyv/redis';
import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';

/** A store that several processes share; it connects by itself, and as long as it cannot, each command fails. */
export function onRedis(url: string, namespace: string): { cache: Cache; close(): void } {
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
