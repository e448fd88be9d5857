import { Registry } from 'prom-client';
import { openStore } from '../../src/modules/cache/cache-store.js';
import { CacheService } from '../../src/modules/cache/cache.service.js';
import { startRedis, type Redis } from '../support/redis.js';
import { openShop } from '../support/shop.js';

describe('a cache on Redis', () => {
  let redis: Redis;
  const opened: CacheService[] = [];

  /** The cache of one process of the shop. */
  async function processOf(app = 'shop'): Promise<CacheService> {
    const store = await openStore({ APP_NAME: app, CACHE: 'on', REDIS_URL: redis.url });
    const cache = new CacheService(store, { CACHE_TTL: 60_000 }, new Registry());
    opened.push(cache);
    return cache;
  }

  async function read(cache: CacheService, rows: unknown) {
    const reading = await cache.read('users', 'key');
    if (reading.hit) return { answer: reading.answer, hit: true };
    await reading.keep(rows);
    return { answer: rows, hit: false };
  }

  /** Resolves when the second of two readers is answered from the cache again. */
  async function recovered(cache: CacheService): Promise<void> {
    const end = Date.now() + 10_000;
    while (!(await read(cache, ['ada'])).hit) {
      if (Date.now() > end) throw new Error('The cache was not used again within 10 s.');
      await new Promise(setImmediate);
    }
  }

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const cache of opened.splice(0)) cache.onApplicationShutdown();
    await redis.close();
  });

  it('is one for all processes: what one loads the other has, what one forgets the other loads', async () => {
    const [one, other] = [await processOf(), await processOf()];
    expect(await read(one, ['ada'])).toEqual({ answer: ['ada'], hit: false });
    expect(await read(other, ['never asked'])).toEqual({ answer: ['ada'], hit: true });
    await other.forget('users');
    expect(await read(one, ['ada', 'bob'])).toEqual({ answer: ['ada', 'bob'], hit: false });
  });

  it('does not put the old list back when a reader in another process loaded it before the commit', async () => {
    const [reader, writer] = [await processOf(), await processOf()];
    const slow = await reader.read('users', 'key');
    await writer.forget('users');
    if (!slow.hit) await slow.keep(['old']);
    expect((await read(writer, ['new'])).answer).toEqual(['new']);
  });

  it('does not mix two shops on one server', async () => {
    await read(await processOf('shop'), ['ada']);
    expect((await read(await processOf('other'), ['bob'])).answer).toEqual(['bob']);
  });

  it('is a miss while Redis is dead, and is used again when it is back', async () => {
    const cache = await processOf();
    await read(cache, ['ada']);
    await redis.kill();
    const begin = performance.now();
    for (let i = 0; i < 20; i++) expect(await read(cache, ['ada'])).toEqual({ answer: ['ada'], hit: false });
    await cache.forget('users');
    expect(performance.now() - begin).toBeLessThan(1000);
    await redis.startAgain();
    await recovered(cache);
  });

  it('keeps no reader waiting for a Redis that hangs', async () => {
    const cache = await processOf();
    await read(cache, ['ada']);
    redis.freeze();
    const begin = performance.now();
    for (let i = 0; i < 20; i++) expect((await read(cache, ['ada'])).hit).toBe(false);
    expect(performance.now() - begin).toBeLessThan(1000);
    redis.thaw();
    await recovered(cache);
  });

  it('lets a shop start, answer and stop while there is no Redis at all', async () => {
    await redis.kill();
    const shop = await openShop('sync', { env: { REDIS_URL: redis.url } });
    try {
      const user = await shop.customer.register();
      const answer = await shop.customer.get(`/users/${user.id}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-cache')).toBe('miss');
    } finally {
      await shop.close();
    }
  });
});
