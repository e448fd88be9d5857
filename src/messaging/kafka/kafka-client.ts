import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Kafka as KafkaClient, logCreator } from 'kafkajs';
import type { KafkaOptions } from '../messaging-options.js';
import { clientIdOf } from './former-members.js';
import { Kafka, logLevel } from './kafkajs.js';
import { leanProduce } from './lean-produce.js';
import { quietRequestTimer } from './request-timer.js';

/** With kafkajs' own 8 retries a consumer gives up in an outage of 20 s, and then waits for its own dead member. */
export const PATIENT = { retries: 1000, initialRetryTime: 100, maxRetryTime: 2000 };

const PROMPT = { retries: 4, initialRetryTime: 50, maxRetryTime: 500 };

const log = new Logger('kafka');

// A broker that is away is an ordinary day and shows in readiness; only what kafkajs cannot cure by itself is a warning.
const toLogger: logCreator =
  () =>
  ({ label, level, log: { message, ...extra } }) => {
    const line = `${label} ${message} ${JSON.stringify({ ...extra, timestamp: undefined, logger: undefined, stack: undefined })}`;
    if (level === logLevel.ERROR && /has crashed|unrecoverable/i.test(message)) log.warn(line);
    else log.debug(line);
  };

/** The clients of one process, with an id of its own. */
export interface KafkaClients {
  clientId: string;
  /** For consumers: waits for a broker for as long as it takes. */
  patient: KafkaClient;
  /** For producers and questions: a broker that is away is an error within seconds, and the caller decides. */
  prompt: KafkaClient;
}

/** A producer of kafkajs inherits the repeats of its client for its connections, whatever it says itself. */
export function createKafka(app: string, options: KafkaOptions): KafkaClients {
  quietRequestTimer();
  leanProduce();
  const clientId = clientIdOf(app, randomBytes(3).toString('hex'));
  const client = (retry: typeof PATIENT) =>
    new Kafka({
      brokers: options.brokers,
      clientId,
      connectionTimeout: 3000,
      requestTimeout: 30_000,
      retry,
      logLevel: logLevel.ERROR,
      logCreator: toLogger,
    });
  return { clientId, patient: client(PATIENT), prompt: client(PROMPT) };
}

/** The name on the broker of a topic or group; the prefix is known to this folder only. */
export const onBroker = (options: KafkaOptions, name: string): string => options.prefix + name;
