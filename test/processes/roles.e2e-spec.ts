import { freePort } from '../../local/ports.js';
import { Balancer } from '../support/balancer.js';
import { build, ShopProcess } from '../support/built.js';
import { Customer } from '../support/customer.js';
import { Ledger } from '../support/ledger.js';
import { prepareEnvironment } from '../support/shop.js';
import { rowsOf } from '../support/spoiled.js';
import { until } from '../support/until.js';

const LIMIT_MS = 300_000;
const BEARER = { authorization: 'Bearer a-token-for-tests-only' };

/** What each process of the shop runs: the same image in different roles. */
const PROCESSES: [name: string, settings: Record<string, string>][] = [
  ['api-1', { ROLES: 'api' }],
  ['api-2', { ROLES: 'api' }],
  ['api-3', { ROLES: 'api' }],
  ['relay-1', { ROLES: 'relay' }],
  ['relay-2', { ROLES: 'relay' }],
  ['money-1', { ROLES: 'subscribers', SUBSCRIBERS: 'billing,shipping,orders' }],
  ['money-2', { ROLES: 'subscribers', SUBSCRIBERS: 'billing,shipping,orders' }],
  ['rest-1', { ROLES: 'subscribers', SUBSCRIBERS: 'analytics,contacts,notifications,cache' }],
  ['rest-2', { ROLES: 'subscribers', SUBSCRIBERS: 'analytics,contacts,notifications,cache' }],
];

let prepared: Awaited<ReturnType<typeof prepareEnvironment>>;
const running = new Map<string, ShopProcess>();

async function startProcess(name: string, settings: Record<string, string>): Promise<ShopProcess> {
  const own = { CACHE: 'off', LOG_LEVEL: 'error', STOP_DELAY: '500ms', PORT: String(await freePort()) };
  const process = new ShopProcess(name, { ...prepared.env, ...own, ...settings });
  running.set(name, process);
  await process.ready;
  return process;
}

const api = () => new Customer(running.get('api-1')!.url);

async function settled(): Promise<void> {
  let missing: unknown;
  const isSettled = async () => {
    const { body } = await api().get<{ settled: boolean; missing: string[] }>('/admin/settled', BEARER);
    missing = body.missing;
    return body.settled;
  };
  await until('all roles to be settled', isSettled, 60_000).catch((error: Error) => {
    throw new Error(`${error.message} ${JSON.stringify(missing)}`);
  });
}

const rows = <T extends object>(sql: string) => rowsOf<T>(prepared.env.DATABASE_URL!, sql);

/** Every order that was acknowledged, and no other, has had each of its effects once. */
async function everythingOnce(orders: readonly string[], email: string): Promise<void> {
  const kept = await rows<{ id: string; status: string }>(`SELECT id, status FROM orders`);
  expect(kept.map(({ id }) => id).sort()).toEqual([...orders].sort());
  expect(kept.filter(({ status }) => status !== 'shipped')).toEqual([]);
  const effects = await rows<{ invoices: number; shipments: number; sales: number }>(
    `SELECT (SELECT count(*)::int FROM invoices) AS invoices, (SELECT count(*)::int FROM shipments) AS shipments,
       (SELECT count(*)::int FROM sales) AS sales`,
  );
  expect(effects).toEqual([{ invoices: orders.length, shipments: orders.length, sales: orders.length }]);
  const ledger = new Ledger(prepared.standIns);
  const deeds = (await ledger.lines()).filter(({ repeat }) => !repeat);
  for (const kind of ['charge', 'booking'] as const) {
    const ids = deeds.filter((line) => line.kind === kind).map(({ orderId }) => orderId);
    expect(ids.sort()).toEqual([...orders].sort());
  }
  // One welcome, and for each order one that it was received and one that it is confirmed.
  expect(await ledger.subjects(email)).toHaveLength(1 + 2 * orders.length);
  expect(await rows(`SELECT * FROM parked`)).toEqual([]);
}

beforeAll(async () => {
  build();
  prepared = await prepareEnvironment('async');
  // All at once, on an empty database: one of them takes the mode, the others join.
  await Promise.all(PROCESSES.map(([name, settings]) => startProcess(name, settings)));
}, LIMIT_MS);
afterAll(async () => {
  await Promise.all([...running.values()].map((process) => process.kill()));
  await prepared?.dispose();
});

describe('three api, two relay and four subscriber processes', () => {
  let user: { id: string; email: string };
  let orders: string[] = [];

  it(
    'take orders through every api and do everything once',
    async () => {
      user = await api().register();
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) => new Customer(running.get(`api-${(n % 3) + 1}`)!.url).order(user.id)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      orders = answers.map(({ body }) => body.id);
      await settled();
      await everythingOnce(orders, user.email);
    },
    LIMIT_MS,
  );

  it('hold no more connections than their roles need', async () => {
    const pools = await rows<{ pool: string; n: number }>(
      `SELECT application_name AS pool, count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'shop.%' GROUP BY 1`,
    );
    const held = Object.fromEntries(pools.map(({ pool, n }) => [pool, n]));
    expect(held['shop.api']).toBeLessThanOrEqual(3 * 10 + 6 * 2);
    expect(held['shop.deliveries']).toBeLessThanOrEqual(4 * 10);
    const [{ leaders }] = (await rows<{ leaders: number }>(
      `SELECT count(*)::int AS leaders FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND objid::bigint = hashtext('relay')::bigint & 4294967295`,
    )) as [{ leaders: number }];
    expect(leaders).toBe(1);
  });

  it(
    'are replaced one after another under load: no request is refused, nothing is left to a person',
    async () => {
      const load = new Balancer(user.id);
      for (const [name] of PROCESSES.filter(([, { ROLES }]) => ROLES === 'api')) load.add(running.get(name)!);
      for (const [name, settings] of PROCESSES) {
        const old = running.get(name)!;
        const before = load.placed.length;
        expect([name, await old.stop()]).toEqual([name, 0]);
        load.remove(old);
        const next = await startProcess(name, settings);
        if (settings.ROLES === 'api') load.add(next);
        // The load went on meanwhile.
        expect(load.placed.length).toBeGreaterThan(before);
      }
      await until('each new api to have taken orders', () => load.taken.size === 3);
      await load.stop();
      expect(load.refused).toEqual([]);
      await settled();
      await everythingOnce([...orders, ...load.placed], user.email);
    },
    LIMIT_MS,
  );
});
