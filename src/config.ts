import { z } from 'zod';
import { parseFailpoints } from './messaging/failpoints.js';

export const COMM_MODES = ['sync', 'async', 'async-local', 'sync-after-commit', 'async-dual-write'] as const;
/** How the modules talk to each other: the one switch of the shop. */
export type CommMode = (typeof COMM_MODES)[number];

const ROLES = ['api', 'relay', 'subscribers'] as const;
export type Role = (typeof ROLES)[number];

/** Hearers whose failure may be passed over in `sync`: nothing else depends on what they do. */
const OPTIONAL_CALLS = ['notifications', 'analytics', 'cache'] as const;

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration written 250ms, 20s, 15m, 24h or 7d; read as milliseconds. */
const duration = (fallback: string) =>
  z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'write a duration as 250ms, 20s, 15m, 24h or 7d')
    .default(fallback)
    .transform((text) => parseInt(text, 10) * UNITS[text.replace(/^\d+/, '') as keyof typeof UNITS]);

const whole = (fallback: number, min: number, max: number) =>
  z.coerce
    .number(`write a whole number from ${min} to ${max}`)
    .int(`write a whole number from ${min} to ${max}`)
    .min(min)
    .max(max)
    .default(fallback);

const list = <T extends string>(allowed: readonly T[]) =>
  z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.enum(allowed, `write a list of ${allowed.join(', ')}`)).min(1));

const isFailpoints = (text: string): boolean => {
  try {
    return parseFailpoints(text).length > 0;
  } catch {
    return false;
  }
};

const url = (protocol: RegExp, example: string) => z.url({ protocol, error: `write it like ${example}` });

/** Every setting of the shop. `.env.example` is compared with this schema by a test. */
export const settings = z.strictObject({
  COMM_MODE: z.enum(COMM_MODES, `write one of ${COMM_MODES.join(', ')}`).default('sync'),
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  APP_NAME: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'write lower-case letters, digits and dashes')
    .default('shop'),
  PORT: whole(3000, 0, 65_535),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database'),
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^,\s:]+:\d+(,[^,\s:]+:\d+)*$/, 'write host:port, several by comma')
    .optional(),
  KAFKA_PARTITIONS: whole(6, 1, 1000),
  KAFKA_REPLICATION: whole(1, 1, 9),
  TOPIC_RETENTION: duration('7d'),
  TOPIC_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{0,60}$/, 'write letters, digits, dots and dashes')
    .default(''),
  KAFKA_MAX_WAIT: duration('500ms'),
  INBOX_RETENTION: duration('14d'),
  SMTP_URL: url(/^smtps?$/, 'smtp://host:25'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]{3,200}$/)
    .default('Switchyard <shop@switchyard.example>'),
  SMTP_TIMEOUT: duration('5s'),
  PAYMENT_URL: url(/^https?$/, 'http://host:8080'),
  CARRIER_URL: url(/^https?$/, 'http://host:8080'),
  PROVIDER_TIMEOUT: duration('3s'),
  PROVIDER_KEY_WINDOW: duration('23h'),
  HANDLER_TIMEOUT: duration('20s'),
  RETRY_FOR: duration('24h'),
  PARKED_MAX_BYTES: whole(268_435_456, 1, 1_000_000_000_000),
  SUBSCRIBER_CONCURRENCY: whole(16, 1, 1000),
  POOL_WAIT: duration('5s'),
  API_CONNECTIONS: whole(10, 1, 1000),
  SUBSCRIBER_CONNECTIONS: whole(10, 1, 1000),
  STOP_DELAY: duration('0ms'),
  REDIS_URL: url(/^rediss?$/, 'redis://host:6379').optional(),
  CACHE: z.enum(['on', 'off'], 'write on or off').default('on'),
  CACHE_TTL: duration('60s'),
  ROLES: list(ROLES).default([...ROLES]),
  SUBSCRIBERS: z
    .string()
    .regex(/^[a-z][a-z0-9@-]*(,[a-z][a-z0-9@-]*)*$/, 'write subscriber names, several by comma')
    .transform((text) => text.split(','))
    .optional(),
  SYNC_FANOUT: z.enum(['sequential', 'parallel'], 'write sequential or parallel').default('sequential'),
  SYNC_OPTIONAL: list(OPTIONAL_CALLS).default([]),
  SYNC_RETRIES: whole(0, 0, 1),
  ADMIN_TOKEN: z.string().min(16, 'write at least 16 characters').optional(),
  FAILPOINTS: z.string().refine(isFailpoints, 'write <place>:<action>@<n>, several by comma').optional(),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});

/** The injection token of the settings. */
export const CONFIG = Symbol('CONFIG');

export interface Config extends z.infer<typeof settings> {}

/** A setting that is unknown, malformed or contradicts another; the message says how to mend it. */
export class InvalidSettings extends Error {
  readonly code = 'invalid_settings';
  readonly retryable = false;
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
  }
}

const OWN_PREFIX =
  /^(COMM|KAFKA|TOPIC|INBOX|PROVIDER|SYNC|SUBSCRIBER|SUBSCRIBERS|CACHE|HANDLER|RETRY|PARKED|POOL)(_|$)/;

/**
 * Reads and checks the settings of one process.
 * @throws InvalidSettings naming each setting that is wrong and how to write it.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const known = Object.keys(settings.shape);
  const given = Object.fromEntries(known.filter((name) => env[name]).map((name) => [name, env[name]]));
  const unknown = Object.keys(env).filter((name) => OWN_PREFIX.test(name) && !known.includes(name));
  const parsed = settings.safeParse(given);
  const problems = unknown.map((name) => `${name} is not a setting of the shop: see .env.example for those that are.`);
  if (!parsed.success)
    problems.push(
      ...parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return name in given
          ? `${name}=${name.endsWith('_URL') || name === 'ADMIN_TOKEN' ? '…' : given[name]} cannot be used: ${issue.message}.`
          : `${name} is not set: ${issue.message}, or use npm start, which brings what is missing.`;
      }),
    );
  if (parsed.success) problems.push(...contradictions(parsed.data));
  if (problems.length > 0 || !parsed.success) throw new InvalidSettings(problems);
  return callsDirectly(parsed.data.COMM_MODE) ? parsed.data : { ...parsed.data, SYNC_RETRIES: 0 };
}

/** Modes that bring events to a Kafka broker. */
export const needsKafka = (mode: CommMode): boolean => mode === 'async' || mode === 'async-dual-write';

/** Modes in which a module calls the others itself. */
export const callsDirectly = (mode: CommMode): boolean => mode === 'sync' || mode === 'sync-after-commit';

function contradictions(config: Config): string[] {
  const problems: string[] = [];
  const mode = config.COMM_MODE;
  const narrowed = config.ROLES.length < ROLES.length || config.SUBSCRIBERS !== undefined;
  if (needsKafka(mode) && !config.KAFKA_BROKERS)
    problems.push(`COMM_MODE=${mode} needs a Kafka broker: set KAFKA_BROKERS=host:port, or use npm start.`);
  if (mode === 'async-dual-write' && config.NODE_ENV === 'production')
    problems.push('COMM_MODE=async-dual-write loses events on purpose and is refused in production: use async.');
  if (config.FAILPOINTS && config.NODE_ENV === 'production')
    problems.push('FAILPOINTS makes the shop fail on purpose and is refused in production: remove it.');
  if (mode === 'async-local' && narrowed)
    problems.push('COMM_MODE=async-local runs all roles in one process: remove ROLES and SUBSCRIBERS, or use async.');
  if (callsDirectly(mode) && narrowed)
    problems.push(`COMM_MODE=${mode} has nothing to split: remove ROLES and SUBSCRIBERS, or use async.`);
  if (narrowed && config.CACHE === 'on' && !config.REDIS_URL)
    problems.push('Split roles cannot share a cache in memory: set REDIS_URL, or CACHE=off.');
  if (config.INBOX_RETENTION < config.TOPIC_RETENTION)
    problems.push(
      'INBOX_RETENTION is shorter than TOPIC_RETENTION, a replay would repeat effects: make it at least as long.',
    );
  if (config.PROVIDER_TIMEOUT * 2 >= config.HANDLER_TIMEOUT)
    problems.push('HANDLER_TIMEOUT must be more than twice PROVIDER_TIMEOUT, or no repeat fits in: raise it.');
  if (config.HANDLER_TIMEOUT >= 30_000)
    problems.push('HANDLER_TIMEOUT must be below 30s, the time a consumer group waits for a member: lower it.');
  return problems;
}
