import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { CONFIG, type Config } from '../../config.js';
import type { PlacedOrder, RegisteredUser } from '../../contracts/index.js';
import type { Effects } from '../../messaging/index.js';
import { METRICS } from '../../operations/metrics.js';
import { within } from '../../operations/within.js';
import { CACHE_STORE, type CacheStore } from './cache-store.js';

/** A store that has not answered by then is slower than what it was to save. */
const PATIENCE = 250;
/** After a failure no reader waits for the store, for so long. */
const REST = 1000;

/** What the cache knows of an answer; `keep` takes the answer that was loaded because it knew nothing. */
export type Reading = { hit: true; answer: unknown } | { hit: false; keep: (answer: unknown) => Promise<void> };

/**
 * Answers that are kept until their subject is forgotten.
 *
 * A reader takes the subject's generation *before* it loads, and keeps its answer under that generation. Forgetting
 * sets a fresh one, after the commit; so what was loaded before the commit is kept where nobody looks any more.
 * Generations are random: one that is lost, by time or by memory, never comes back, and costs no more than a miss.
 * A crash between commit and forgetting is covered by CACHE_TTL, and so is a store that was away.
 */
@Injectable()
export class CacheService implements OnApplicationShutdown {
  private readonly logger = new Logger(CacheService.name);
  private readonly reads: Counter<'result'>;
  private readonly failures: Counter;
  private failing = false;
  private restUntil = 0;

  constructor(
    @Inject(CACHE_STORE) private readonly store: CacheStore | null,
    @Inject(CONFIG) private readonly config: Pick<Config, 'CACHE_TTL'>,
    @Inject(METRICS) registry: Registry,
  ) {
    const registers = [registry];
    const help = 'Reads of the cache, by what came of them.';
    this.reads = new Counter({ name: 'shop_cache_reads_total', help, labelNames: ['result'], registers });
    const failed = 'Calls of the cache that failed or took too long.';
    this.failures = new Counter({ name: 'shop_cache_failures_total', help: failed, registers });
  }

  /** False with CACHE=off. */
  get enabled(): boolean {
    return this.store !== null;
  }

  /** Another user is on the list. */
  async userRegistered(_user: RegisteredUser, effects: Effects): Promise<void> {
    effects.afterCommit(() => this.forget('users'));
    await effects.once(async () => undefined);
  }

  /** The orders of this user, and what was spent, are others now. */
  async orderChanged(order: PlacedOrder, effects: Effects): Promise<void> {
    effects.afterCommit(() => this.forget(`user:${order.userId}`));
    await effects.once(async () => undefined);
  }

  /** Looks an answer about `subject` up. Never throws, and takes at most 250 ms: a store that is away knows nothing. */
  async read(subject: string, key: string): Promise<Reading> {
    const resting = Date.now() < this.restUntil;
    const found = resting ? undefined : await this.attempt((cache) => this.find(cache, subject, key));
    const hit = found?.answer !== undefined;
    this.reads.inc({ result: hit ? 'hit' : 'miss' });
    if (hit) return { hit, answer: found.answer };
    return { hit, keep: async (answer) => found && this.keep(found.place, answer) };
  }

  /** Makes everything that was kept about `subject` unreachable. To be called after the commit that changed it. */
  async forget(subject: string): Promise<void> {
    await this.attempt((cache) => this.renew(cache, subject));
  }

  onApplicationShutdown(): void {
    this.store?.close();
  }

  private async find(cache: CacheStore['cache'], subject: string, key: string) {
    const generation = (await cache.get<string>(`generation:${subject}`)) ?? (await this.renew(cache, subject));
    const place = `answer:${subject}:${generation}:${key}`;
    return { place, answer: await cache.get<unknown>(place) };
  }

  private async keep(place: string, answer: unknown): Promise<void> {
    await this.attempt((cache) => cache.set(place, answer, this.config.CACHE_TTL));
  }

  /** Longer than any answer is kept, or each answer would be lost with its generation. */
  private async renew(cache: CacheStore['cache'], subject: string): Promise<string> {
    return cache.set(`generation:${subject}`, randomUUID(), 10 * this.config.CACHE_TTL);
  }

  /** Undefined when the store failed or was too slow: said once in the log, counted each time. */
  private async attempt<T>(work: (cache: CacheStore['cache']) => Promise<T>): Promise<T | undefined> {
    if (!this.store) return undefined;
    try {
      const result = await within(PATIENCE, work(this.store.cache));
      if (this.failing) this.logger.log('The cache answers again.');
      this.failing = false;
      return result;
    } catch (error) {
      this.failures.inc();
      this.restUntil = Date.now() + REST;
      if (!this.failing)
        this.logger.warn(`The cache does not answer, everything is loaded: ${(error as Error).message}`);
      this.failing = true;
      return undefined;
    }
  }
}
