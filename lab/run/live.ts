import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from '../arms/stage.js';
import { Shop } from '../arms/shop.js';
import { type Knob, turnKnobs } from '../faults/knobs.js';
import type { PlannedOrder } from '../load/arrivals.js';
import { nowMs } from '../load/clock.js';
import { Customers } from '../load/customers.js';
import type { Recorder } from '../load/recorder.js';
import { ShopClient } from '../load/shop-client.js';
import type { Arm } from '../model/arm.js';
import type { KafkaPlace } from '../observe/topics.js';

const PATIENCE_MS = 5_000;
/** The shop's own default for APP_NAME: its groups begin with it. */
const APP = 'shop';

/** Where the processes of a block find their things. */
export interface Place {
  database: string;
  topicPrefix: string;
  folder: string;
}

/** What a block is about, as far as it matters while it runs. */
export interface Basis {
  arm: Arm;
  /** How the outside world behaves while the load runs; it is well again when the load is over. */
  knobs?: readonly Knob[];
  /** For how long a client waits for an answer. */
  patienceMs?: number;
}

/** A block while it runs: its shop, its customers, and what can be done to them. */
export class Live {
  readonly client: ShopClient;
  readonly customers: Customers;
  /** All processes that ever ran. */
  readonly processes: Shop[] = [];
  /** How many of them lived at the same time, at most. */
  atOnce = 0;
  /** Those that answer now, or will again. */
  private serving: Shop[] = [];
  private turn = 0;
  orders: readonly PlannedOrder[] = [];
  /** When the load began, in milliseconds since 1970. */
  loadMs = 0;
  /** From when on the outside world was well again after the load. */
  healedMs = 0;
  /** Sentences for the reader about what happened, beyond the numbers. */
  readonly remarks: string[] = [];

  constructor(
    readonly spec: Basis,
    readonly stage: Stage,
    readonly recorder: Recorder,
    readonly place: Place,
    private readonly settings: Readonly<Record<string, string>>,
    readonly stopping: AbortSignal,
  ) {
    this.client = new ShopClient(() => this.url, spec.patienceMs ?? PATIENCE_MS);
    this.customers = new Customers(this.client, recorder);
  }

  /** Several processes take turns. */
  get url(): string {
    return this.serving[this.turn++ % this.serving.length]?.url ?? 'http://127.0.0.1:1';
  }

  /** The process that serves; the youngest when there are several. */
  get shop(): Shop {
    return this.serving.at(-1)!;
  }

  get databaseUrl(): string {
    return this.stage.postgres.url(this.place.database);
  }

  /** Where the lab reads what this block has published; undefined in arms without a broker. */
  get kafka(): KafkaPlace | undefined {
    const { broker } = this.stage;
    if (!this.spec.arm.needsKafka || !broker) return undefined;
    return { brokers: [broker.brokers], topicPrefix: this.place.topicPrefix, app: APP };
  }

  /** Starts a process beside those that run; `more` are settings over the block's own, `main` another build. */
  async start(more: Readonly<Record<string, string>> = {}, main?: string): Promise<Shop> {
    const log = path.join(this.place.folder, 'logs', `${this.recorder.block}.log`);
    this.atOnce = Math.max(this.atOnce, this.processes.filter(({ alive }) => alive).length + 1);
    const shop = await Shop.start(this.stage.home, { ...this.settings, ...more }, log, main);
    this.processes.push(shop);
    this.serving.push(shop);
    if (this.stopping.aborted) await shop.kill9();
    return shop;
  }

  /** Sends no more requests to it. */
  retire(shop: Shop): void {
    this.serving = this.serving.filter((one) => one !== shop);
  }

  /** Starts a process in the place of one that has ended; requests find nobody meanwhile. */
  async startAgain(more: Readonly<Record<string, string>> = {}, main?: string): Promise<Shop> {
    const old = this.shop;
    const shop = await this.start(more, main);
    this.retire(old);
    return shop;
  }

  knobs(knobs: readonly Knob[]): Promise<void> {
    return turnKnobs(this.stage.standIns.mailboxUrl, knobs);
  }

  /** Resolves so many seconds after the start of the load. */
  async at(second: number): Promise<void> {
    await pause(Math.max(0, this.loadMs + second * 1000 - nowMs()), undefined, { signal: this.stopping });
  }

  pause(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.stopping });
  }

  /** Waits until something holds; false when it does not within the limit. */
  async until(holds: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
    for (const end = Date.now() + limitMs; !(await holds()); await this.pause(20)) if (Date.now() > end) return false;
    return true;
  }

  /** Breaks something, keeps it broken, mends it; `inflict` resolves with what shows that it happened. */
  async fault(name: string, inflict: () => Promise<string | undefined>, heal: () => Promise<unknown>): Promise<void> {
    this.recorder.fault(name, 'start');
    const evidence = await inflict();
    await heal();
    this.recorder.fault(name, 'stop', evidence);
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    this.client.close();
    await Promise.all(this.processes.filter(({ alive }) => alive).map((shop) => shop.stop()));
  }
}
