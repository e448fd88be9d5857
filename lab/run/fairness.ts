import pg from 'pg';
import { CONNECTIONS, connectionsOf } from '../arms/settings.js';
import type { ArmName } from '../model/arm.js';
import type { RunResult } from '../model/run-result.js';
import type { Live } from './live.js';
import { coresOf, environmentOf } from './usage.js';

type Row = RunResult['env']['fairness'][number];

const CONNECTED = 'PostgreSQL connections of a process, at most';
const DURABILITY = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/** What is the same for all arms, as their running processes and servers say, not as the lab has meant it. */
export class Fairness {
  private readonly found = new Map<string, Map<ArmName, Set<string>>>();

  /** Reads it back from a block that runs. */
  async read(live: Live): Promise<void> {
    const { arm } = live.spec;
    for (const [what, value] of Object.entries(await durability(live.databaseUrl))) this.note(what, arm.name, value);
    const { pid, settings } = live.shop;
    const told = environmentOf(pid) ?? settings;
    this.note(CONNECTED, arm.name, String(connectionsOf(told)));
    this.note('cores of the shop', arm.name, coresOf(pid) ?? 'all');
    this.note('a broker runs', arm.name, live.stage.broker ? 'yes' : 'no');
  }

  /** Processes that have held more connections than they may have not been read back rightly. */
  connectionsSeen(arm: ArmName, most: number, processes: number): void {
    if (most > CONNECTIONS * processes) this.note(CONNECTED, arm, `${most} seen`);
  }

  rows(): Row[] {
    return [...this.found].map(([what, byArm]) => {
      const values = Object.fromEntries([...byArm].map(([arm, seen]) => [arm, [...seen].join(' or ')]));
      return { what, values, equal: new Set(Object.values(values)).size === 1 };
    });
  }

  private note(what: string, arm: ArmName, value: string): void {
    const byArm = this.found.get(what) ?? new Map<ArmName, Set<string>>();
    this.found.set(what, byArm.set(arm, (byArm.get(arm) ?? new Set()).add(value)));
  }
}

async function durability(databaseUrl: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      'SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name',
      [DURABILITY],
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  } finally {
    await client.end();
  }
}
