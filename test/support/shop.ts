import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIns, type StandIns } from '../../local/stand-ins/stand-ins.js';
import { COMM_MODES, readConfig, type CommMode } from '../../src/config.js';
import { createShop, type Shop, type ShopAdditions } from '../../src/create-shop.js';
import { guarantees, type Guarantees } from '../../src/designs/guarantees.js';
import { Customer } from './customer.js';
import { createDatabase } from './database.js';
import { Gate } from './gate.js';
import { Ledger } from './ledger.js';

/** A shop under test: real PostgreSQL, real Kafka, real SMTP and HTTP. */
export class TestShop {
  constructor(
    readonly mode: CommMode,
    readonly shop: Shop,
    readonly standIns: StandIns,
    /** What all calls of the shop to payment provider and carrier go through. */
    readonly gate: Gate,
    readonly env: Record<string, string>,
    private readonly dispose: () => Promise<void>,
  ) {}

  get guarantees(): Guarantees {
    return guarantees[this.mode];
  }

  get customer(): Customer {
    return new Customer(this.shop.url);
  }

  /** What the providers and the mail server have seen. */
  get ledger(): Ledger {
    return new Ledger(this.standIns);
  }

  settled(limitMs?: number): Promise<void> {
    return this.shop.settled(limitMs);
  }

  /** Rows of the shop's own tables. */
  rows<T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.shop.databases.api.query(sql, values);
  }

  /** Stops the shop and starts it again on the same database, topics and stand-ins; this one is over then. */
  async reopen({ env = {}, additions }: TestShopOptions = {}): Promise<TestShop> {
    await this.shop.close();
    return start(this.mode, { ...this.surroundings(), env: { ...this.env, ...env } }, additions);
  }

  async close(): Promise<void> {
    await this.shop.close();
    await this.dispose();
  }

  private surroundings(): Surroundings {
    const { env, standIns, gate, dispose } = this;
    return { env, standIns, gate, dispose };
  }
}

interface Surroundings {
  env: Record<string, string>;
  standIns: StandIns;
  gate: Gate;
  dispose: () => Promise<void>;
}

export interface TestShopOptions {
  env?: Record<string, string>;
  additions?: ShopAdditions;
}

/** The environment of a shop with a database, stand-ins and topics of its own; `dispose` removes them. */
export async function prepareEnvironment(mode: CommMode, extra: Record<string, string> = {}): Promise<Surroundings> {
  const database = await createDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'switchyard-stand-ins-'));
  chmodSync(dir, 0o755);
  const standIns = await startStandIns({ dir });
  const gate = await Gate.open(standIns.paymentUrl);
  const env: Record<string, string> = {
    NODE_ENV: 'test',
    COMM_MODE: mode,
    PORT: '0',
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    DATABASE_URL: database.url,
    KAFKA_BROKERS: process.env.TEST_KAFKA!,
    KAFKA_PARTITIONS: '2',
    KAFKA_MAX_WAIT: '250ms',
    TOPIC_PREFIX: `t${process.env.TEST_RUN}-${randomBytes(4).toString('hex')}.`,
    SMTP_URL: standIns.smtpUrl,
    PAYMENT_URL: gate.url,
    CARRIER_URL: gate.url,
    ADMIN_TOKEN: 'a-token-for-tests-only',
    ...extra,
  };
  const dispose = async () => {
    await gate.close();
    await standIns.close();
    await database.drop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { env, standIns, gate, dispose };
}

/** Starts a shop in one mode and waits until events can flow. */
export async function openShop(mode: CommMode, options: TestShopOptions = {}): Promise<TestShop> {
  const around = await prepareEnvironment(mode, options.env);
  try {
    return await start(mode, around, options.additions);
  } catch (error) {
    await around.dispose();
    throw error;
  }
}

async function start(mode: CommMode, around: Surroundings, additions?: ShopAdditions): Promise<TestShop> {
  const shop = await createShop(readConfig(around.env), additions);
  await shop.ready().catch(async (error: unknown) => {
    await shop.close();
    throw error;
  });
  return new TestShop(mode, shop, around.standIns, around.gate, around.env, around.dispose);
}

/** Runs one suite in every mode: what differs is asserted from `guarantees`, never skipped. */
export function inEveryMode(
  suite: (open: () => TestShop, mode: CommMode) => void,
  options: TestShopOptions = {},
): void {
  describe.each(COMM_MODES)('in %s', (mode) => {
    let shop: TestShop | undefined;
    beforeAll(async () => {
      shop = await openShop(mode, options);
    });
    afterAll(() => shop?.close());
    suite(() => {
      if (!shop) throw new Error('The shop is not open.');
      return shop;
    }, mode);
  });
}
