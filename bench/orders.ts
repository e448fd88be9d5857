import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startStandInsProcess } from '../local/stand-ins-process.js';
import { shopEnv, startShop } from './child.js';
import { placeOrders } from './load.js';
import type { Neighbours } from './neighbours.js';
import type { BenchResult, BenchSettings } from './result.js';

const CONNECTIONS = 32;
const TOKEN = 'a-token-for-benchmarks';
const WITHOUT_OUTBOX = ['--import', pathToFileURL(path.join(import.meta.dirname, 'without-outbox.js')).href];

interface Arm {
  env: Record<string, string>;
  flags?: string[];
}
const ARMS = {
  api: { env: { ROLES: 'api' } },
  bare: { env: { ROLES: 'api' }, flags: WITHOUT_OUTBOX },
  async: { env: {} },
  sync: { env: { COMM_MODE: 'sync' } },
} satisfies Record<string, Arm>;

interface Clocks {
  /** Orders a second until the last was answered. */
  acknowledged: number;
  /** Orders a second until the last effect was there. */
  done: number;
}

/** The price of the outbox row in the route that writes it; and both designs, with providers that answer at once. */
export async function orders(neighbours: Neighbours, { rounds, quick, say }: BenchSettings): Promise<BenchResult> {
  const seen: Record<keyof typeof ARMS, Clocks>[] = [];
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(ARMS) as (keyof typeof ARMS)[];
    if (round % 2 === 1) names.reverse();
    const clocks: Partial<Record<keyof typeof ARMS, Clocks>> = {};
    for (const name of names) clocks[name] = await runArm(neighbours, ARMS[name], quick);
    seen.push(clocks as Record<keyof typeof ARMS, Clocks>);
    const text = names.map((name) => `${name} ${Math.round(clocks[name]!.acknowledged)}/s`);
    say(`orders ${round + 1}/${rounds}: ${text.join(', ')}`);
  }
  const what = `POST /orders, ${CONNECTIONS} connections`;
  return {
    comparisons: [
      {
        what: `${what}, async, the route alone`,
        unit: 'orders/s',
        limit: 'the same without the outbox row',
        rounds: seen.map(({ api, bare }) => ({ measured: api.acknowledged, limit: bare.acknowledged })),
        target: { atLeast: 0.75 },
      },
      {
        what: `${what}, async, acknowledged`,
        unit: 'orders/s',
        limit: 'sync, acknowledged',
        rounds: seen.map(({ async: own, sync }) => ({ measured: own.acknowledged, limit: sync.acknowledged })),
      },
      {
        what: `${what}, async, all effects done`,
        unit: 'orders/s',
        limit: 'sync, all effects done',
        rounds: seen.map(({ async: own, sync }) => ({ measured: own.done, limit: sync.done })),
      },
    ],
    figures: [],
  };
}

async function runArm(neighbours: Neighbours, { env, flags = [] }: Arm, quick: boolean): Promise<Clocks> {
  const { admin, broker } = neighbours;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-bench-world-'));
  const world = await startStandInsProcess(dir);
  const prefix = `orders-${Date.now()}.`;
  const around = { SMTP_URL: world.smtpUrl, PAYMENT_URL: world.paymentUrl, CARRIER_URL: world.carrierUrl };
  const own = { TOPIC_PREFIX: prefix, ADMIN_TOKEN: TOKEN, ...around, ...env };
  const shop = await startShop(shopEnv(await neighbours.database(), broker.brokers, own), flags);
  try {
    await placeOrders(shop.url, CONNECTIONS, quick ? 500 : 1500);
    const alone = env.ROLES === 'api';
    if (!alone) await settled(shop.url);
    const began = performance.now();
    const { perSecond, orders: placed } = await placeOrders(shop.url, CONNECTIONS, quick ? 1000 : 4000);
    if (!alone) await settled(shop.url);
    return { acknowledged: perSecond, done: alone ? NaN : placed / ((performance.now() - began) / 1000) };
  } finally {
    await shop.stop();
    await world.stop();
    fs.rmSync(dir, { recursive: true, force: true });
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((name) => name.startsWith(prefix)) });
  }
}

async function settled(url: string): Promise<void> {
  for (const end = Date.now() + 600_000; ; await pause(50)) {
    const answer = await fetch(`${url}/admin/settled`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const { settled: all, missing } = (await answer.json()) as { settled: boolean; missing: string[] };
    if (all) return;
    if (Date.now() > end) throw new Error(`Not settled after 10 min: ${missing.join('; ')}`);
  }
}
