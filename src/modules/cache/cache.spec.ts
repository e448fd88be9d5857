import { Controller, Get, HttpException, Module, Param, Res } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { CONFIG } from '../../config.js';
import type { PlacedOrder, RegisteredUser } from '../../contracts/index.js';
import { Cacheable, httpAdapter, HttpModule, Id } from '../../http/index.js';
import type { Effects } from '../../messaging/index.js';
import { METRICS } from '../../operations/metrics.js';
import { BoundedMap } from './bounded-map.js';
import { CACHE_STORE, openStore, type CacheStore } from './cache-store.js';
import { CacheInterceptor } from './cache.interceptor.js';
import { CacheService } from './cache.service.js';

const USER = '018f2f7e-0000-7000-8000-00000000000a';
const memory = () => openStore({ APP_NAME: 'shop', CACHE: 'on', REDIS_URL: undefined });
const service = (store: CacheStore | null, ttl = 60_000, registry = new Registry()) =>
  new CacheService(store, { CACHE_TTL: ttl }, registry);

/** A transaction that is committed by hand. */
class Transaction implements Effects {
  readonly reader = undefined as unknown as Effects['reader'];
  private readonly steps: (() => unknown)[] = [];
  async once(work: Parameters<Effects['once']>[0]): Promise<void> {
    await work(this.reader);
  }
  afterCommit(run: () => unknown): void {
    this.steps.push(run);
  }
  async stillMine(): Promise<void> {}
  async commit(): Promise<void> {
    for (const step of this.steps) await step();
  }
}

/** One reader of the list, whose load can be held between reading the rows and keeping the answer. */
async function beginRead(cache: CacheService, rows: () => unknown, subject = 'users') {
  const reading = await cache.read(subject, 'key');
  if (reading.hit) return { answer: reading.answer, hit: true, finish: async () => undefined };
  const answer = rows();
  return { answer, hit: false, finish: () => reading.keep(answer) };
}

async function read(cache: CacheService, rows: () => unknown, subject = 'users') {
  const reader = await beginRead(cache, rows, subject);
  await reader.finish();
  return { answer: reader.answer, hit: reader.hit };
}

describe('the cache', () => {
  it('answers the second reader from what the first has loaded', async () => {
    const cache = service(await memory());
    expect(await read(cache, () => ['ada'])).toEqual({ answer: ['ada'], hit: false });
    expect(await read(cache, () => ['never asked'])).toEqual({ answer: ['ada'], hit: true });
  });

  it('does not put the old list back when a reader loaded it before the commit', async () => {
    const cache = service(await memory());
    const slow = await beginRead(cache, () => ['ada']);
    const registration = new Transaction();
    await cache.userRegistered({ userId: USER } as RegisteredUser, registration);
    await registration.commit();
    await slow.finish();
    expect(await read(cache, () => ['ada', 'bob'])).toEqual({ answer: ['ada', 'bob'], hit: false });
    expect(await read(cache, () => ['never asked'])).toEqual({ answer: ['ada', 'bob'], hit: true });
  });

  it('forgets after the commit, not before: until then the old list is the right one', async () => {
    const cache = service(await memory());
    await read(cache, () => ['ada']);
    const registration = new Transaction();
    await cache.userRegistered({ userId: USER } as RegisteredUser, registration);
    expect(await read(cache, () => ['bob'])).toEqual({ answer: ['ada'], hit: true });
    await registration.commit();
    expect((await read(cache, () => ['ada', 'bob'])).hit).toBe(false);
  });

  it('forgets the one user whose order changed', async () => {
    const cache = service(await memory());
    await read(cache, () => 'his', `user:${USER}`);
    await read(cache, () => 'hers', 'user:2');
    const change = new Transaction();
    await cache.orderChanged({ userId: USER } as PlacedOrder, change);
    await change.commit();
    expect((await read(cache, () => 'new', `user:${USER}`)).hit).toBe(false);
    expect((await read(cache, () => 'new', 'user:2')).hit).toBe(true);
  });

  it('keeps the old list out when the generation was lost meanwhile', async () => {
    const store = (await memory())!;
    const cache = service(store);
    const slow = await beginRead(cache, () => ['ada']);
    await cache.forget('users');
    await store.cache.del('generation:users');
    await slow.finish();
    expect((await read(cache, () => ['ada', 'bob'])).answer).toEqual(['ada', 'bob']);
  });

  it('keeps nothing longer than CACHE_TTL', async () => {
    const cache = service(await memory(), 50);
    await read(cache, () => ['ada']);
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 51);
    expect((await read(cache, () => ['bob'])).hit).toBe(false);
    now.mockRestore();
  });

  it('is no more than a miss when its store is dead, says so once and counts', async () => {
    const registry = new Registry();
    const broken = async () => Promise.reject(new Error('ECONNREFUSED'));
    const cache = service({ cache: { get: broken, set: broken } as never, close: () => undefined }, 60_000, registry);
    const warn = jest.spyOn(cache['logger'], 'warn').mockImplementation();
    for (let i = 0; i < 3; i++) expect(await read(cache, () => ['ada'])).toEqual({ answer: ['ada'], hit: false });
    await cache.forget('users');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await registry.metrics()).toContain('shop_cache_failures_total 2');
  });

  it('makes the first reader wait at most 250 ms for a store that hangs, and the next one not at all', async () => {
    const hangs = () => new Promise<never>(() => undefined);
    const cache = service({ cache: { get: hangs, set: hangs } as never, close: () => undefined });
    jest.spyOn(cache['logger'], 'warn').mockImplementation();
    const begin = performance.now();
    await read(cache, () => ['ada']);
    const first = performance.now() - begin;
    await read(cache, () => ['ada']);
    const second = performance.now() - begin - first;
    expect(first).toBeLessThan(400);
    expect(second).toBeLessThan(100);
  });

  it('does not grow without limit', () => {
    const map = new BoundedMap<number>(2);
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    expect([...map.keys()]).toEqual(['a', 'c']);
  });
});

describe('a cached route', () => {
  let app: NestFastifyApplication;
  let status = 200;
  const loads: string[] = [];

  @Controller()
  class UsersController {
    @Get('users/:id')
    @Cacheable('user', 'id')
    get(@Param('id', { schema: Id }) id: string) {
      loads.push(id);
      if (status !== 200) throw new HttpException('no such user', status);
      return { id };
    }
    @Get('users')
    @Cacheable('users')
    list() {
      loads.push('list');
      return { users: [] };
    }
    @Get('users/:id/orders')
    @Cacheable('user', 'id')
    orders(@Res({ passthrough: true }) reply: { status(code: number): unknown }) {
      loads.push('orders');
      reply.status(status);
      return { orders: [] };
    }
    @Get('uncached')
    uncached() {
      return {};
    }
  }

  async function open(store: CacheStore | null): Promise<NestFastifyApplication> {
    @Module({
      imports: [HttpModule],
      controllers: [UsersController],
      providers: [
        CacheService,
        { provide: CACHE_STORE, useValue: store },
        { provide: CONFIG, useValue: { CACHE_TTL: 60_000 } },
        { provide: METRICS, useValue: new Registry() },
        { provide: APP_INTERCEPTOR, useClass: CacheInterceptor },
      ],
    })
    class TinyShop {}
    const opened = await NestFactory.create<NestFastifyApplication>(TinyShop, httpAdapter(), { logger: false });
    await opened.init();
    await opened.getHttpAdapter().getInstance().ready();
    return opened;
  }

  const get = async (url: string) => {
    const answer = await app.inject({ method: 'GET', url });
    return { status: answer.statusCode, cache: answer.headers['x-cache'], body: answer.json<unknown>() };
  };

  beforeEach(() => {
    status = 200;
    loads.length = 0;
  });
  afterEach(() => app.close());

  it('says whether it answered from the cache, with the same body', async () => {
    app = await open(await memory());
    expect(await get(`/users/${USER}`)).toEqual({ status: 200, cache: 'miss', body: { id: USER } });
    expect(await get(`/users/${USER}`)).toEqual({ status: 200, cache: 'hit', body: { id: USER } });
    expect(loads).toEqual([USER]);
    expect((await get('/uncached')).cache).toBeUndefined();
  });

  it('keeps each page of a list for itself, and forgets all of them at once', async () => {
    app = await open(await memory());
    for (const url of ['/users', '/users?limit=1', '/users']) await get(url);
    expect(loads).toHaveLength(2);
    await app.get(CacheService).forget('users');
    for (const url of ['/users', '/users?limit=1']) expect((await get(url)).cache).toBe('miss');
  });

  it.each([404, 409])('never keeps a %d', async (refusal) => {
    app = await open(await memory());
    status = refusal;
    for (let i = 0; i < 2; i++) expect((await get(`/users/${USER}`)).status).toBe(refusal);
    status = 200;
    expect(await get(`/users/${USER}`)).toMatchObject({ status: 200, cache: 'miss' });
    expect(loads).toHaveLength(3);
  });

  it('keeps no other success than a 200', async () => {
    app = await open(await memory());
    status = 206;
    for (let i = 0; i < 2; i++)
      expect(await get(`/users/${USER}/orders`)).toMatchObject({ status: 206, cache: 'miss' });
  });

  it('does not remember ids that are none', async () => {
    const store = (await memory())!;
    const set = jest.spyOn(store.cache, 'set');
    app = await open(store);
    expect((await get('/users/nobody')).status).toBe(400);
    expect(set).not.toHaveBeenCalled();
  });

  it('loads each time with CACHE=off', async () => {
    app = await open(await openStore({ APP_NAME: 'shop', CACHE: 'off', REDIS_URL: undefined }));
    for (let i = 0; i < 2; i++) expect(await get('/users')).toMatchObject({ status: 200, cache: undefined });
    expect(loads).toHaveLength(2);
  });
});
