import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { type Broker, kafkaAvailable, prepareKafka, startBroker } from '../../local/kafka.js';
import { endLeftOvers, places } from '../../local/left-overs.js';
import { type Postgres, startPostgres } from '../../local/postgres.js';
import { isAlive } from '../../local/processes.js';
import type { Progress } from '../../local/progress.js';
import { startStandInsProcess, type StandInsProcess } from '../../local/stand-ins-process.js';
import { ARMS } from '../model/arm.js';
import { CONNECTIONS, settingsOf } from './settings.js';
import { Shop } from './shop.js';

const TEMPLATE = 'shop_template';
/** Durable, as a shop needs it; no checkpoint of the server's own falls into a block. */
const FLAGS = [
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  `max_connections=${8 * CONNECTIONS}`,
  'checkpoint_timeout=1h',
  'max_wal_size=8GB',
];

/** The servers that all arms share: one PostgreSQL, one broker (also while nobody needs it), one outside world. */
export class Stage {
  broker: Broker | undefined;
  /** Why there is none. */
  noKafka: string | undefined;
  postgres: Postgres;
  standIns: StandInsProcess;
  private readonly starting: Promise<unknown>[] = [];

  private constructor(readonly home: string) {}

  /** Starts all of it on a fresh folder; `onStage` gets the stage before anything runs, so that it can be struck. */
  static async build(
    home: string,
    progress: Progress,
    withKafka: boolean,
    onStage: (stage: Stage) => void,
  ): Promise<Stage> {
    await endLeftOvers(home, { graceMs: 2_000 });
    fs.rmSync(home, { recursive: true, force: true });
    fs.mkdirSync(home, { recursive: true });
    const stage = new Stage(home);
    onStage(stage);
    const { postgres, standIns } = places(home);
    const servers = [
      progress.during('Starting PostgreSQL', async () => {
        stage.postgres = await startPostgres({ dir: postgres, flags: FLAGS });
      }),
      progress.during('Starting the stand-ins', async () => {
        stage.standIns = await startStandInsProcess(standIns);
      }),
    ];
    const template = Promise.all(servers).then(() =>
      progress.during('Making the database that blocks begin with', () => stage.makeTemplate()),
    );
    const kafka = withKafka ? stage.startKafka(progress) : Promise.resolve();
    stage.starting.push(...servers, template, kafka);
    await Promise.all(stage.starting);
    return stage;
  }

  /** What a shop on this database and with these topics has to know. */
  env(database: string, topicPrefix: string): Record<string, string> {
    return {
      DATABASE_URL: this.postgres.url(database),
      ...(this.broker && { KAFKA_BROKERS: this.broker.brokers }),
      TOPIC_PREFIX: topicPrefix,
      SMTP_URL: this.standIns.smtpUrl,
      PAYMENT_URL: this.standIns.paymentUrl,
      CARRIER_URL: this.standIns.carrierUrl,
    };
  }

  /** Starts again what a block has left dead or frozen. */
  async heal(): Promise<void> {
    if (!isAlive(this.postgres.pid)) this.postgres = await this.postgres.restart();
    if (!this.broker) return;
    this.broker.thaw();
    if (!isAlive(this.broker.pid)) this.broker = await this.broker.restart();
  }

  /** A database with the shop's tables and nothing in them. */
  async makeDatabase(name: string): Promise<void> {
    await this.asAdmin((client) =>
      client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${TEMPLATE}`),
    );
  }

  async dropDatabase(name: string): Promise<void> {
    await this.asAdmin((client) =>
      client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`),
    );
  }

  async asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.postgres.url('postgres'), connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Ends every process on the folder and removes it, also those that come up while it is struck. */
  async strike(): Promise<void> {
    await Promise.race([
      Promise.allSettled(this.starting),
      new Promise((resolve) => setTimeout(resolve, 10_000).unref()),
    ]);
    await endLeftOvers(this.home, { graceMs: 3_000 });
    fs.rmSync(this.home, { recursive: true, force: true });
  }

  private async startKafka(progress: Progress): Promise<void> {
    const available = await kafkaAvailable();
    if (!available.ok) {
      this.noKafka = available.sentence;
      return;
    }
    await progress.during('Fetching Kafka, once', (detail) => prepareKafka(detail));
    this.broker = await progress.during('Starting Kafka', () => startBroker({ dir: places(this.home).kafka }));
  }

  /** The shop makes its own tables: the lab knows none of its migrations. */
  private async makeTemplate(): Promise<void> {
    await this.postgres.ensureDatabase(TEMPLATE);
    const settings = settingsOf(ARMS.sync, { ...this.env(TEMPLATE, ''), PORT: '0' });
    const shop = await Shop.start(this.home, settings, path.join(this.home, 'template.log'));
    await shop.stop();
  }
}
