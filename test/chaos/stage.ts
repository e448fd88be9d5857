import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Broker, prepareKafka, startBroker } from '../../local/kafka.js';
import { freePort } from '../../local/ports.js';
import { type Postgres, startPostgres } from '../../local/postgres.js';
import { signal } from '../../local/processes.js';
import { startStandInsProcess, type StandInsProcess } from '../../local/stand-ins-process.js';
import { endAllOn, watch } from './left-behind.js';
import { TcpProxy } from './tcp-proxy.js';

/** The servers that a run needs, each behind a proxy of its own; nothing of them is shared with another run. */
export class Stage {
  readonly brokers: Broker[] = [];
  readonly brokerProxies: TcpProxy[] = [];
  postgres: Postgres;
  postgresProxy: TcpProxy;
  standIns: StandInsProcess;
  topicPrefix = '';
  private database = 'postgres';
  private readonly watched: () => void;

  private constructor(readonly dir: string) {
    this.watched = watch(dir);
  }

  /** Resolves when all of them answer; what has been started is on the stage also when it rejects. */
  static async build(brokers: number, onStage: (stage: Stage) => void): Promise<Stage> {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-chaos-'));
    fs.chmodSync(dir, 0o755); // root starts PostgreSQL as another user, who has to come through here
    const stage = new Stage(dir);
    onStage(stage);
    await prepareKafka();
    await Promise.all([stage.buildPostgres(), stage.buildBrokers(brokers)]);
    return stage;
  }

  /** A database, an outside world and topics of their own for the next shop on this stage. */
  async enter(database: string, topicPrefix = ''): Promise<void> {
    await this.standIns?.kill9();
    this.standIns = await startStandInsProcess(path.join(this.dir, `stand-ins-${database}`));
    await this.postgres.ensureDatabase(database);
    this.database = database;
    this.topicPrefix = topicPrefix;
  }

  /** What an application of this stage needs to know; it meets the proxies only. */
  get env(): Record<string, string> {
    const through = new URL(this.databaseUrl);
    through.port = String(this.postgresProxy.port);
    return {
      DATABASE_URL: through.href,
      KAFKA_BROKERS: this.brokerAddresses.join(','),
      TOPIC_PREFIX: this.topicPrefix,
      KAFKA_REPLICATION: String(this.brokers.length),
      SMTP_URL: this.standIns.smtpUrl,
      PAYMENT_URL: this.standIns.paymentUrl,
      CARRIER_URL: this.standIns.carrierUrl,
    };
  }

  /** Past the proxy. */
  get databaseUrl(): string {
    return this.postgres.url(this.database);
  }

  /** Kafka tells its clients where its brokers are, and there the proxies stand: nobody gets past them. */
  get brokerAddresses(): string[] {
    return this.brokerProxies.map((proxy) => `127.0.0.1:${proxy.port}`);
  }

  /** Ends every process and removes the data; `keep` leaves the folder with its logs. */
  async strike(keep: boolean): Promise<void> {
    await Promise.all([
      ...this.brokers.map((broker) => broker.kill9()),
      this.postgres && (this.freezePostgres('SIGCONT'), this.postgres.stop()),
      this.standIns?.kill9(),
    ]);
    await Promise.all([this.postgresProxy, ...this.brokerProxies].map((proxy) => proxy?.close()));
    this.watched();
    if (!keep) endAllOn(this.dir);
  }

  /** Stops or continues the server and every process that serves one of its connections. */
  freezePostgres(name: 'SIGSTOP' | 'SIGCONT'): void {
    for (const pid of [this.postgres.pid, ...childrenOf(this.postgres.pid)]) signal(pid, name);
  }

  private async buildPostgres(): Promise<void> {
    // A server that is killed must keep what it acknowledged to other processes; power never fails here.
    const flags = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=on', 'max_connections=400'];
    this.postgres = await startPostgres({ dir: path.join(this.dir, 'postgres'), flags });
    this.postgresProxy = await TcpProxy.listen(0, () => this.postgres.port);
  }

  private async buildBrokers(count: number): Promise<void> {
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    const controllers = await Promise.all(ids.map(() => freePort()));
    const voters = ids.map((id, index) => `${id}@127.0.0.1:${controllers[index]}`);
    const own = await Promise.all(ids.map(async () => ({ port: await freePort(), internal: await freePort() })));
    for (const { port } of own) this.brokerProxies.push(await TcpProxy.listen(0, () => port));
    const starting = ids.map((nodeId, index) => {
      const { port, internal } = own[index]!;
      const controller = controllers[index];
      return startBroker({
        dir: path.join(this.dir, `kafka-${nodeId}`),
        port,
        voters,
        nodeId,
        extra: {
          listeners: `PLAINTEXT://127.0.0.1:${port},INTERNAL://127.0.0.1:${internal},CONTROLLER://127.0.0.1:${controller}`,
          'advertised.listeners': `PLAINTEXT://127.0.0.1:${this.brokerProxies[index]!.port},INTERNAL://127.0.0.1:${internal}`,
          'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT',
          'inter.broker.listener.name': 'INTERNAL',
        },
      }).then((broker) => (this.brokers[index] = broker));
    });
    const failed = (await Promise.allSettled(starting)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason as Error;
  }
}

function childrenOf(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid!);
}
