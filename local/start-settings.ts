import { type CommMode, readConfig } from '../src/config.js';

/** What a start has to know; the application reads everything else itself. */
export interface StartSettings {
  mode: CommMode;
  port: number;
  host: string;
  /** The environment of the application, as far as the user has set it. */
  env: NodeJS.ProcessEnv;
}

/** Stands for what a start brings itself, so that all other settings can be checked before anything is started. */
const BROUGHT = {
  DATABASE_URL: 'postgres://app@127.0.0.1/shop',
  KAFKA_BROKERS: '127.0.0.1:9092',
  SMTP_URL: 'smtp://127.0.0.1:25',
  PAYMENT_URL: 'http://127.0.0.1',
  CARRIER_URL: 'http://127.0.0.1',
};

/** @throws InvalidSettings with a sentence for each setting that is wrong. */
export function startSettings(env: NodeJS.ProcessEnv): StartSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const config = readConfig({ ...BROUGHT, ...set });
  return { mode: config.COMM_MODE, port: config.PORT, host: config.HOST, env: set };
}
