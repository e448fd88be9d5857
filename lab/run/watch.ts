import path from 'node:path';
import { places } from '../../local/left-overs.js';
import type { Live } from './live.js';
import { type Pids, type Reading, readUsage, rssMb } from './usage.js';

const EVERY_MS = 1_000;
const CONNECTED = `SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = $1 AND backend_type = 'client backend'`;

/** What the processes of one block use, from the start of its load until all is settled. */
export class Watch {
  before: Reading;
  after: Reading;
  /** Connections to the database of the block, at most. */
  connections = 0;
  private beganAt = 0;
  lastedMs = 0;
  private shopRss: number | undefined;
  private brokerRss: number | undefined;
  private timer?: NodeJS.Timeout;
  private asking: Promise<unknown> = Promise.resolve();

  constructor(private readonly live: Live) {}

  async begin(): Promise<void> {
    this.before = await this.read();
    this.beganAt = performance.now();
    this.timer = setInterval(() => void (this.asking = this.look()), EVERY_MS);
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.asking;
    await this.look();
    this.after = await this.read();
    this.lastedMs = performance.now() - this.beganAt;
  }

  get memory(): { shopRssMb?: number; brokerRssMb?: number } {
    return { shopRssMb: this.shopRss, brokerRssMb: this.brokerRss };
  }

  /** The share of a core and the memory of the broker; undefined where there is none or nobody tells. */
  get broker(): { cpuShare: number; rssMb: number } | undefined {
    const [before, after] = [this.before.brokerMs, this.after.brokerMs];
    if (before === undefined || after === undefined || this.brokerRss === undefined) return undefined;
    return { cpuShare: (after - before) / this.lastedMs, rssMb: this.brokerRss };
  }

  private async look(): Promise<void> {
    const { stage, processes, place } = this.live;
    const shops = processes.flatMap(({ pid }) => rssMb(pid) ?? []);
    if (shops.length > 0)
      this.shopRss = Math.max(
        this.shopRss ?? 0,
        shops.reduce((sum, mb) => sum + mb, 0),
      );
    this.brokerRss = stage.broker && (rssMb(stage.broker.pid) ?? this.brokerRss);
    const counted = await stage
      .asAdmin((client) => client.query<{ count: number }>(CONNECTED, [place.database]))
      .catch(() => undefined); // PostgreSQL is away: a fault of this block
    this.connections = Math.max(this.connections, counted?.rows[0]?.count ?? 0);
  }

  private read(): Promise<Reading> {
    const { stage, processes, place } = this.live;
    const pids: Pids = {
      shop: processes.map(({ pid }) => pid),
      postgres: stage.postgres.pid,
      broker: stage.broker?.pid,
      topics: path.join(places(stage.home).kafka, 'data', place.topicPrefix),
    };
    return stage.asAdmin((client) => readUsage(client, place.database, pids));
  }
}

/** What an accepted order has cost; nothing of what the system does not tell, or what a killed process has taken along. */
export function resourceMetrics({ before, after, memory }: Watch, accepted: number): Record<string, number> {
  if (accepted === 0 || before.servers !== after.servers) return {};
  const metrics: Record<string, number> = {};
  const put = (name: string, from: number | undefined, to: number | undefined, scale = 1) => {
    if (from !== undefined && to !== undefined) metrics[name] = ((to - from) * scale) / accepted;
  };
  put('shopCpuMsPerOrder', before.shopMs, after.shopMs);
  put('postgresCpuMsPerOrder', before.postgresMs, after.postgresMs);
  put('brokerCpuMsPerOrder', before.brokerMs, after.brokerMs);
  put('walKbPerOrder', before.walBytes, after.walBytes, 1 / 1024);
  put('tableKbPerOrder', before.storedBytes, after.storedBytes, 1 / 1024);
  put('statementsPerOrder', before.transactions, after.transactions);
  const { shopCpuMsPerOrder: shop, postgresCpuMsPerOrder: postgres, brokerCpuMsPerOrder: broker } = metrics;
  if (shop !== undefined && postgres !== undefined) metrics.cpuMsPerOrder = shop + postgres + (broker ?? 0);
  if (memory.shopRssMb !== undefined) metrics.shopRssMb = memory.shopRssMb;
  if (memory.brokerRssMb !== undefined) metrics.brokerRssMb = memory.brokerRssMb;
  return metrics;
}
