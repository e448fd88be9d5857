import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from './app-process.js';
import type { Answer, Observations } from './observations.js';
import type { Random } from './random.js';

const REQUEST_MS = 10_000;
/** A client repeats under the same key for so long; then it does not know. */
const PATIENCE_MS = 90_000;
/** How customers behave: how many orders there are, and the share of visits that are something else. */
export interface Habits {
  ordersPerSecond: number;
  registers: number;
  declined: number;
  cancels: number;
}

/** The payment stand-in declines this amount. */
const DECLINED = 402;

interface Reply {
  status: number;
  body: { id?: string; status?: string };
}

/** Clients that order, cancel and repeat what was not answered, as a seed has drawn them. */
export class Load {
  readonly told: Pick<Observations, 'users' | 'orders' | 'cancels'> = { users: [], orders: [], cancels: [] };
  private readonly running = new Set<Promise<void>>();
  private readonly stopped = new AbortController();
  private abandoned = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly servers: readonly AppProcess[],
    private readonly random: Random,
    private readonly habits: Habits,
  ) {}

  /** Registers the first users, then orders until `stop`. */
  async start(): Promise<void> {
    for (let users = 0; users < 3; users++) await this.register();
    this.loop = this.run();
  }

  /** No new orders; resolves when every client knows what has become of its own, or has given up. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
    await Promise.all(this.running);
  }

  /** Places an order and resolves when it is shipped; what that took, in milliseconds. Rejects past the limit. */
  async probe(limitMs: number, stopping: AbortSignal): Promise<number> {
    const began = Date.now();
    const id = await this.order(2500);
    for (const end = began + limitMs; ; await pause(50, undefined, { signal: stopping })) {
      const reply = await this.ask('GET', `/orders/${id}`).catch(() => undefined);
      if (reply?.body.status === 'shipped') return Date.now() - began;
      if (Date.now() > end) throw new Error(`The order ${id} was not shipped within ${limitMs / 1000} s of the heal.`);
    }
  }

  /** No client asks again; nobody waits for what they have begun. */
  abandon(): void {
    this.stopped.abort();
    this.abandoned = true;
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const drawn = { at: this.random.next(), waitMs: this.random.whole(0, 2000), gap: this.random.next() };
      const work = this.visit(drawn.at, drawn.waitMs).finally(() => this.running.delete(work));
      this.running.add(work);
      // Arrivals as independent clients make them: exponential gaps.
      const gapMs = (-Math.log(1 - drawn.gap) * 1000) / this.habits.ordersPerSecond;
      await pause(gapMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  private async visit(drawn: number, waitMs: number): Promise<void> {
    const { registers, declined, cancels } = this.habits;
    if (drawn < registers) return this.register();
    if (drawn < registers + declined) return void (await this.order(DECLINED));
    const id = await this.order(1000 + Math.round(drawn * 9000));
    if (drawn > 1 - cancels) {
      await pause(waitMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      await this.cancel(id);
    }
  }

  private async register(): Promise<void> {
    const at = Date.now();
    const body = { email: `${randomUUID()}@example.com`, name: 'Ada Lovelace' };
    const reply = await this.insist('POST', '/users', body, at);
    if (reply?.status === 201) this.told.users.push({ id: reply.body.id!, told: 'acknowledged', at });
  }

  private async order(unitPrice: number): Promise<string> {
    const { id: userId } = this.random.pick(this.told.users);
    const id = randomUUID();
    const at = Date.now();
    const body = { id, userId, lines: [{ sku: 'TEA-1', quantity: 1, unitPrice }], currency: 'EUR' };
    const reply = await this.insist('POST', '/orders', body, at, { 'idempotency-key': id });
    this.told.orders.push({ id, at, told: toldBy(reply, 201) });
    return id;
  }

  private async cancel(id: string): Promise<void> {
    const at = Date.now();
    const reply = await this.insist('POST', `/orders/${id}/cancel`, undefined, at);
    this.told.cancels.push({ id, at, told: toldBy(reply, 200) });
  }

  /** Asks again until the answer is definite; undefined when the client has lost its patience. */
  private async insist(method: string, path: string, body: unknown, since: number, headers = {}) {
    for (; !this.abandoned && Date.now() - since < PATIENCE_MS; await pause(200)) {
      const reply = await this.ask(method, path, body, headers).catch(() => undefined);
      const again = !reply || reply.status >= 500 || (reply.status === 409 && 'idempotency-key' in headers);
      if (!again) return reply;
    }
    return undefined;
  }

  private async ask(method: string, path: string, body?: unknown, headers = {}): Promise<Reply> {
    const up = this.servers.filter(({ isReady }) => isReady);
    const server = this.random.pick(up.length > 0 ? up : this.servers);
    const answer = await fetch(new URL(path, server.url), {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    return { status: answer.status, body: (await answer.json()) as Reply['body'] };
  }
}

const toldBy = (reply: Reply | undefined, good: number): Answer['told'] =>
  !reply ? 'unknown' : reply.status === good ? 'acknowledged' : 'refused';
