import { type CommMode, needsKafka } from '../src/config.js';
import { checkDatabaseUrl, lastModeOf } from './database-url.js';
import { type Broker, kafkaAnswers, kafkaAvailable, prepareKafka, startBroker } from './kafka.js';
import { haveDocker, startDockerKafka } from './kafka-docker.js';
import { places } from './left-overs.js';
import { type Postgres, startPostgres } from './postgres.js';
import { Problem } from './problem.js';
import type { Progress } from './progress.js';
import type { Service } from './service.js';
import { startStandInsProcess } from './stand-ins-process.js';
import type { StartSettings } from './start-settings.js';

/** What the application is told about one of its neighbours, and who brings it if we do. */
export interface Brought {
  env: Record<string, string>;
  service?: Service;
  mailboxUrl?: string;
  /** The mode that last ran on this database. */
  lastMode?: string;
}

const DATABASE = 'shop';

/** The database that DATABASE_URL names, else a PostgreSQL of our own. */
export function bringDatabase({ env }: StartSettings, home: string, progress: Progress): Promise<Brought> {
  const given = env.DATABASE_URL;
  if (given) {
    return progress.during('Connecting to DATABASE_URL', async () => {
      await checkDatabaseUrl(given);
      return { env: { DATABASE_URL: given }, lastMode: await lastModeOf(given) };
    });
  }
  return progress.during('Starting PostgreSQL', async () => {
    const postgres = await startPostgres({ dir: places(home).postgres });
    await postgres.ensureDatabase(DATABASE);
    const url = postgres.url(DATABASE);
    return { env: { DATABASE_URL: url }, service: postgresService(postgres), lastMode: await lastModeOf(url) };
  });
}

function postgresService(postgres: Postgres): Service {
  const restart = async () => postgresService(await postgres.restart());
  return { name: 'PostgreSQL', pid: postgres.pid, stop: () => postgres.stop(), kill9: () => postgres.kill9(), restart };
}

/**
 * The broker that KAFKA_BROKERS names, else one of our own, else the compose service; none when neither this mode nor
 * the one before needs it: the application first finishes what the mode before has left.
 * `onAddress` hears its address before it answers: the application may start meanwhile, it waits by itself.
 */
export async function bringKafka(
  settings: StartSettings,
  home: string,
  progress: Progress,
  database: Promise<Brought>,
  onAddress: (brokers: string) => void,
): Promise<Brought> {
  if (needsKafka(settings.mode)) return bringBroker(settings, home, progress, onAddress);
  const { lastMode } = await database;
  if (!lastMode || !needsKafka(lastMode as CommMode)) return { env: {} };
  try {
    return await bringBroker(settings, home, progress, onAddress);
  } catch (error) {
    if (error instanceof Problem) return { env: {} }; // the application says what it would need it for
    throw error;
  }
}

async function bringBroker(
  settings: StartSettings,
  home: string,
  progress: Progress,
  onAddress: (brokers: string) => void,
): Promise<Brought> {
  const given = settings.env.KAFKA_BROKERS;
  if (given) {
    await progress.during('Connecting to KAFKA_BROKERS', () => checkBrokers(given));
    onAddress(given);
    return { env: { KAFKA_BROKERS: given } };
  }
  const available = await kafkaAvailable();
  if (!available.ok) return bringDockerKafka(available.sentence, progress, onAddress);
  await progress.during('Fetching Kafka, once', (detail) => prepareKafka(detail));
  return progress.during('Starting Kafka', async () => {
    const broker = await startBroker({ dir: places(home).kafka, onAddress });
    return { env: { KAFKA_BROKERS: broker.brokers }, service: brokerService(broker) };
  });
}

function brokerService(broker: Broker): Service {
  const restart = async () => brokerService(await broker.restart());
  return { name: 'Kafka', pid: broker.pid, stop: () => broker.stop(), kill9: () => broker.kill9(), restart };
}

async function checkBrokers(given: string): Promise<void> {
  const answers = await Promise.all(given.split(',').map((broker) => kafkaAnswers(broker.trim(), 5_000)));
  if (answers.includes(true)) return;
  throw new Problem(
    'kafka_brokers',
    `No Kafka answers at KAFKA_BROKERS=${given}: start it there, or unset KAFKA_BROKERS and npm start brings its own.`,
  );
}

async function bringDockerKafka(
  sentence: string,
  progress: Progress,
  onAddress: (brokers: string) => void,
): Promise<Brought> {
  if (!(await haveDocker())) throw new Problem('no_kafka', sentence);
  return progress.during('Starting Kafka in Docker', async () => {
    const { brokers, stop } = await startDockerKafka();
    onAddress(brokers);
    // Docker itself watches over the container; our own pid stands for it.
    const service: Service = {
      name: 'Kafka in Docker',
      pid: process.pid,
      stop,
      kill9: stop,
      restart: async () => service,
    };
    return { env: { KAFKA_BROKERS: brokers }, service };
  });
}

/** Whatever of the outside world nobody has named. */
export async function bringOutsideWorld({ env }: StartSettings, home: string, progress: Progress): Promise<Brought> {
  const given = { SMTP_URL: env.SMTP_URL, PAYMENT_URL: env.PAYMENT_URL, CARRIER_URL: env.CARRIER_URL };
  if (given.SMTP_URL && given.PAYMENT_URL && given.CARRIER_URL) return { env: given as Record<string, string> };
  const standIns = await progress.during('Starting the stand-ins', () => startStandInsProcess(places(home).standIns));
  return {
    service: standIns,
    mailboxUrl: given.SMTP_URL ? undefined : standIns.mailboxUrl,
    env: {
      SMTP_URL: given.SMTP_URL ?? standIns.smtpUrl,
      PAYMENT_URL: given.PAYMENT_URL ?? standIns.paymentUrl,
      CARRIER_URL: given.CARRIER_URL ?? standIns.carrierUrl,
    },
  };
}
