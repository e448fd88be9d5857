import path from 'node:path';
import { freePort } from '../../local/ports.js';
import { AppProcess } from './app-process.js';
import type { Random } from './random.js';
import { until } from './until.js';

export const ADMIN_TOKEN = 'a-token-for-chaos-only';
export const SUBSCRIBERS = ['billing', 'shipping', 'orders', 'notifications', 'contacts', 'analytics', 'cache'];
const REQUEST_MS = 10_000;

/** Settings of every process. Sessions and leases end sooner than in production, so that a run meets more of them. */
const SETTINGS = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  CACHE: 'off',
  KAFKA_PARTITIONS: '3',
  KAFKA_MAX_WAIT: '250ms',
  PROVIDER_TIMEOUT: '2s',
  SMTP_TIMEOUT: '2s',
  HANDLER_TIMEOUT: '8s',
  ADMIN_TOKEN,
};

/** What one process does; without `roles` everything, without `subscribers` all of them. */
export interface RolePlan {
  name: string;
  roles?: string;
  subscribers?: readonly string[];
}

/** Draws who does what: always two relays, two owners of each group, and one process or two for requests. */
export function drawRoles(random: Random): RolePlan[] {
  const mixed = random.shuffle(SUBSCRIBERS);
  const cut = random.whole(2, 5);
  return [
    { name: 'api-1', roles: random.chance(0.5) ? 'api,relay' : 'api' },
    { name: 'relay-1', roles: random.chance(0.3) ? 'api,relay' : 'relay' },
    { name: 'subscribers-1', roles: 'subscribers', subscribers: mixed.slice(0, cut) },
    { name: 'subscribers-2', roles: 'subscribers', subscribers: mixed.slice(cut) },
    { name: 'all-1' },
  ];
}

/** The processes of the shop. */
export class Fleet {
  private constructor(readonly processes: AppProcess[]) {}

  /** Gives each process its port; none is started. Their logs are in `dir`. */
  static async gather(
    { roles, mode, program }: { roles: readonly RolePlan[]; mode: string; program: string },
    env: Record<string, string>,
    dir: string,
  ): Promise<Fleet> {
    const shared = { ...SETTINGS, ...env, COMM_MODE: mode };
    const processes = await Promise.all(
      roles.map(async (plan) => {
        const role = { name: plan.name, env: envOf(plan), port: await freePort() };
        return new AppProcess(role, program, shared, path.join(dir, `${role.name}.log`));
      }),
    );
    return new Fleet(processes);
  }

  /** Processes that do this part of the work. */
  doing(part: 'api' | 'relay' | 'subscribers'): AppProcess[] {
    return this.processes.filter(({ role }) => !role.env.ROLES || role.env.ROLES.split(',').includes(part));
  }

  /** Processes in which a subscriber runs. */
  hearing(subscriber: string): AppProcess[] {
    return this.doing('subscribers').filter(
      ({ role }) => !role.env.SUBSCRIBERS || role.env.SUBSCRIBERS.split(',').includes(subscriber),
    );
  }

  /** The subscribers that run in any of these. */
  heardBy(processes: readonly AppProcess[]): string[] {
    return SUBSCRIBERS.filter((name) => this.hearing(name).some((one) => processes.includes(one)));
  }

  get crashes(): number {
    return this.processes.reduce((sum, { crashes }) => sum + crashes, 0);
  }

  start(): void {
    for (const one of this.processes) one.start();
  }

  async ready(limitMs: number, stopping: AbortSignal): Promise<void> {
    const waiting = () => this.processes.filter(({ isReady }) => !isReady).map(({ role }) => role.name);
    await until(
      () => `${waiting().join(', ')} to be ready`,
      () => waiting().length === 0,
      limitMs,
      stopping,
    );
  }

  /** Resolves when every process says twice that all was delivered; past the limit it says what was missing. */
  async settled(limitMs: number, stopping: AbortSignal): Promise<void> {
    let missing: string[] = [];
    let times = 0;
    const look = async () => {
      missing = (await Promise.all(this.processes.map(missingIn))).flat();
      times = missing.length === 0 ? times + 1 : 0;
      return times === 2;
    };
    await until(() => `all to be settled: ${[...new Set(missing)].join('; ')}`, look, limitMs, stopping);
  }

  async kill(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.kill()));
  }
}

const envOf = ({ roles, subscribers }: RolePlan): Record<string, string> => ({
  ...(roles && { ROLES: roles }),
  ...(subscribers && { SUBSCRIBERS: subscribers.join(',') }),
});

async function missingIn({ url, role }: AppProcess): Promise<string[]> {
  try {
    const answer = await fetch(new URL('/admin/settled', url), {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const body = (await answer.json()) as { settled?: boolean; missing?: string[] };
    return body.settled ? [] : (body.missing ?? [`${role.name} answers ${answer.status}`]);
  } catch (error) {
    return [`${role.name} does not answer: ${(error as Error).message}`];
  }
}
