import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { checkBlock } from '../../lab/checker/check-block.js';
import { type EventName, HEARERS, hearersOf, topicOf } from '../../lab/checker/expected-effects.js';
import type { ArmName } from '../../lab/model/arm.js';
import type { HistoryLine } from '../../lab/model/history.js';
import type { PlannedBlock } from '../../lab/model/plan.js';
import { observe, type Places } from '../../lab/observe/observe.js';
import { quiescent } from '../../lab/observe/quiescent.js';
import { TABLES } from '../../lab/observe/tables.js';
import { type Answer, DECLINED_AMOUNT } from '../support/customer.js';
import { createDatabase } from '../support/database.js';
import { inEveryMode, openShop, type TestShop } from '../support/shop.js';

interface Heard {
  events: { event: string; topic: string; subscribers: { subscriber: string }[] }[];
}

const BLOCK = 'S0.test.1';
const LIMIT_MS = 20_000;

function placesOf({ env, mode, shop, standIns }: TestShop): Places {
  const kafka = { brokers: env.KAFKA_BROKERS!.split(','), topicPrefix: env.TOPIC_PREFIX!, app: 'shop' };
  return {
    databaseUrl: env.DATABASE_URL!,
    ledger: standIns.mailboxUrl,
    kafka: mode === 'async' || mode === 'async-dual-write' ? kafka : undefined,
    restUrl: shop.url,
  };
}

/** Asks as the lab's customers do, and keeps what was asked and heard. */
class Customers {
  readonly history: HistoryLine[] = [];
  private seq = 0;

  constructor(private readonly shop: TestShop) {}

  async register(): Promise<string> {
    const email = `${randomUUID()}@example.com`;
    const body = { email, name: 'Ada Lovelace' };
    const answer = await this.ask('register', email, () => this.shop.customer.request('POST', '/users', body));
    return String(answer.body.id);
  }

  async place(userId: string, amount = 2500): Promise<string> {
    const id = randomUUID();
    await this.ask('place', id, () => this.shop.customer.order(userId, amount, { 'idempotency-key': id }, id));
    return id;
  }

  cancel(id: string): Promise<Answer> {
    return this.ask('cancel', id, () => this.shop.customer.request('POST', `/orders/${id}/cancel`));
  }

  private async ask(f: 'register' | 'place' | 'cancel', key: string, send: () => Promise<Answer<unknown>>) {
    const common = { block: BLOCK, seq: ++this.seq, f, key };
    const sentMs = Date.now();
    this.history.push({ ...common, type: 'invoke', intendedMs: sentMs, sentMs });
    const answer = (await send()) as Answer;
    const type = answer.status < 300 ? 'ok' : answer.status < 500 ? 'fail' : 'info';
    const code = answer.body.code as string | undefined;
    this.history.push({ ...common, type, doneMs: Date.now(), http: answer.status, code });
    return answer;
  }
}

/** The answers wait for each other here: no schedule is kept, so that none can be missed. */
const plannedFor = (mode: string, planned: number): PlannedBlock => ({
  id: BLOCK,
  scenario: 'S0',
  arm: mode as ArmName,
  pair: 1,
  plannedRate: 0.001,
  planned,
  poisonKeys: [],
  allowed: {},
  expectsFaults: 0,
});

describe('the names that the lab repeats', () => {
  it('are those of the migrated schema', async () => {
    const database = await createDatabase();
    const client = new pg.Client(database.url);
    await client.connect();
    const { rows } = await client.query<{ name: string; columns: string[] }>(
      `SELECT table_name AS name, array_agg(column_name::text) AS columns FROM information_schema.columns
       WHERE table_schema = 'public' GROUP BY 1`,
    );
    await client.end();
    await database.drop();
    const schema = new Map(rows.map(({ name, columns }) => [name, columns]));
    for (const [table, columns] of Object.entries(TABLES))
      expect([table, schema.get(table)]).toEqual([table, expect.arrayContaining([...columns])]);
  });

  it('are those of the events and of who hears them', async () => {
    const shop = await openShop('async-local');
    try {
      const { body } = await shop.customer.get<Heard>('/admin/subscribers', {
        authorization: `Bearer ${shop.env.ADMIN_TOKEN}`,
      });
      const heard = body.events.map(({ event, topic, subscribers }) => [
        event,
        topic,
        subscribers.map(({ subscriber }) => subscriber).sort(),
      ]);
      const declared = (Object.keys(HEARERS) as EventName[]).map((event) => [
        event,
        topicOf(event),
        hearersOf(event)
          .map(([subscriber]) => subscriber)
          .sort(),
      ]);
      expect(heard.sort()).toEqual(declared.sort());
    } finally {
      await shop.close();
    }
  });
});

inEveryMode((open, mode) => {
  it('the checker finds nothing wrong with a shop that nobody has broken', async () => {
    const customers = new Customers(open());
    const userId = await customers.register();
    const ids = await Promise.all(Array.from({ length: 5 }, () => customers.place(userId)));
    await customers.place(userId, DECLINED_AMOUNT);
    await customers.cancel(ids[0]!);
    const places = placesOf(open());
    await quiescent({ ...places, limitMs: LIMIT_MS });
    await customers.cancel(ids[1]!);
    await quiescent({ ...places, limitMs: LIMIT_MS });
    const observation = await observe({ ...places, block: BLOCK, arm: mode });
    const verdict = checkBlock({ planned: plannedFor(mode, 6), history: customers.history, observation });
    expect(verdict.checks.filter(({ verdict: said }) => said !== 'PASS')).toEqual([]);
    expect(verdict).toMatchObject({ anomalies: {}, surprises: [] });
    expect(observation.views).toEqual([{ userId, orders: mode === 'sync' ? 5 : 6, spent: 3 * 2500 }]);
    expect(observation.analytics).toEqual({ orders: 3, revenue: 3 * 2500 });
    expect(verdict.perOrder.size).toBe(6);
  });
});

describe('the lab', () => {
  it('does not call a shop quiet while a payment is under way, and says what it waits for', async () => {
    const shop = await openShop('async');
    try {
      const customers = new Customers(shop);
      const userId = await customers.register();
      const places = placesOf(shop);
      await quiescent({ ...places, limitMs: LIMIT_MS });
      const hold = shop.gate.hold('POST /charges');
      await customers.place(userId);
      await hold.arrived;
      const waiting = quiescent({ ...places, limitMs: 3_000 });
      await expect(waiting).rejects.toThrow(/^The shop was not quiet after 3 s: billing is 1 records behind\.$/);
      hold.release();
      expect(await quiescent({ ...places, limitMs: LIMIT_MS })).toBeGreaterThanOrEqual(0);
      const { orders, effects } = await observe({ ...places, block: BLOCK, arm: 'async' });
      expect(orders).toMatchObject([{ status: 'shipped' }]);
      expect(effects.map(({ effect }) => effect)).toContain('order.shipped');
    } finally {
      await shop.close();
    }
  });

  it('tells a shop that is asked for too much from one that is stuck', async () => {
    const shop = await openShop('async');
    let isOver = false;
    try {
      const customers = new Customers(shop);
      const userId = await customers.register();
      const waiting = quiescent({ ...placesOf(shop), limitMs: 3_000 }).finally(() => (isOver = true));
      const load = async () => {
        while (!isOver) await customers.place(userId);
      };
      const sentence = /^The shop was still at work after 3 s: .+\. It needs a lower --rate here\.$/;
      await Promise.all([load(), expect(waiting).rejects.toThrow(sentence)]);
    } finally {
      isOver = true;
      await shop.close();
    }
  });

  it('says in a sentence that the servers are away', async () => {
    const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
    const waiting = quiescent({ databaseUrl, ledger: 'http://127.0.0.1:1', limitMs: 200 });
    await expect(waiting).rejects.toThrow(
      /^The shop was not quiet after 0 s: the database cannot be read \(.*\); the ledger cannot be read \(.*\)\.$/,
    );
  });
});
