import { COMM_MODES, InvalidSettings, needsKafka, readConfig, type Config } from '../src/config.js';

const NEIGHBOURS = {
  DATABASE_URL: 'postgres://app:secret@db:5432/shop',
  SMTP_URL: 'smtp://mail:25',
  PAYMENT_URL: 'http://payment:8080',
  CARRIER_URL: 'http://carrier:8080',
  KAFKA_BROKERS: 'kafka:9092',
};

const read = (env: Record<string, string | undefined>): Config => readConfig({ ...NEIGHBOURS, ...env });

/** The sentences with which settings are refused; none when they are taken. */
function refusal(env: Record<string, string | undefined>): string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return error.problems;
  }
}

describe('COMM_MODE', () => {
  it.each(COMM_MODES)('can be %s', (mode) => {
    expect(read({ COMM_MODE: mode }).COMM_MODE).toBe(mode);
  });

  it('is sync when nothing is said', () => {
    expect(read({}).COMM_MODE).toBe('sync');
  });

  it.each(['quantum', 'SYNC', 'sync ', 'async,sync', 'toString'])(
    'is not %j, and the answer lists what it is',
    (mode) => {
      expect(refusal({ COMM_MODE: mode })).toEqual([
        `COMM_MODE=${mode} cannot be used: write one of sync, async, async-local, sync-after-commit, async-dual-write.`,
      ]);
    },
  );

  it.each(COMM_MODES.filter(needsKafka))('%s without a broker says what to set', (mode) => {
    expect(refusal({ COMM_MODE: mode, KAFKA_BROKERS: undefined })).toEqual([
      `COMM_MODE=${mode} needs a Kafka broker: set KAFKA_BROKERS=host:port, or use npm start.`,
    ]);
  });

  it.each(COMM_MODES.filter((mode) => !needsKafka(mode)))('%s needs no broker', (mode) => {
    expect(refusal({ COMM_MODE: mode, KAFKA_BROKERS: undefined })).toEqual([]);
  });
});

describe('a setting that is not one', () => {
  it.each(['KAFKA_BROKER', 'COMM_MODES', 'SYNC_RETRY', 'TOPIC_PARTITIONS', 'CACHE_URL', 'SUBSCRIBER'])(
    '%s is refused, with the place where the right ones stand',
    (name) => {
      expect(refusal({ [name]: '1' })).toEqual([
        `${name} is not a setting of the shop: see .env.example for those that are.`,
      ]);
    },
  );

  it('of somebody else is left alone', () => {
    expect(refusal({ PATH: '/bin', HOME: '/home/ada', npm_config_cache: 'x', KUBERNETES_PORT: '443' })).toEqual([]);
  });

  it('left empty is as good as left out', () => {
    expect(read({ COMM_MODE: '', ADMIN_TOKEN: '', SYNC_OPTIONAL: '' })).toMatchObject({
      COMM_MODE: 'sync',
      SYNC_OPTIONAL: [],
    });
  });
});

describe('what is missing', () => {
  it.each(['DATABASE_URL', 'SMTP_URL', 'PAYMENT_URL', 'CARRIER_URL'])('%s is asked for, with an example', (name) => {
    expect(refusal({ [name]: undefined })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${name} is not set: write it like [a-z]+://.+, or use npm start, which brings what is missing\\.$`,
        ),
      ),
    ]);
  });

  it('is all said at once', () => {
    expect(refusal({ DATABASE_URL: undefined, PORT: 'abc', COMM_MODE: 'quantum' })).toHaveLength(3);
  });
});

describe('a value that cannot be used', () => {
  it.each([
    ['PORT', '65536', 'write a whole number from 0 to 65535'],
    ['PORT', '80.5', 'write a whole number from 0 to 65535'],
    ['PORT', 'abc', 'write a whole number from 0 to 65535'],
    ['KAFKA_PARTITIONS', '0', 'write a whole number from 1 to 1000'],
    ['KAFKA_PARTITIONS', '-2', 'write a whole number from 1 to 1000'],
    ['SYNC_RETRIES', '2', 'write a whole number from 0 to 1'],
    ['PROVIDER_TIMEOUT', '3', 'write a duration as 250ms, 20s, 15m, 24h or 7d'],
    ['PROVIDER_TIMEOUT', '3 s', 'write a duration as 250ms, 20s, 15m, 24h or 7d'],
    ['RETRY_FOR', '-1h', 'write a duration as 250ms, 20s, 15m, 24h or 7d'],
    ['TOPIC_RETENTION', '1w', 'write a duration as 250ms, 20s, 15m, 24h or 7d'],
    ['KAFKA_BROKERS', 'kafka', 'write host:port, several by comma'],
    ['KAFKA_BROKERS', 'kafka:9092, other:9092', 'write host:port, several by comma'],
    ['SYNC_FANOUT', 'both', 'write sequential or parallel'],
    ['SYNC_OPTIONAL', 'billing', 'write a list of notifications, analytics, cache'],
    ['ROLES', 'api,worker', 'write a list of api, relay, subscribers'],
    ['CACHE', 'redis', 'write on or off'],
    ['APP_NAME', 'My Shop', 'write lower-case letters, digits and dashes'],
  ])('%s=%s says how to write it', (name, value, how) => {
    expect(refusal({ [name]: value })).toEqual([`${name}=${value} cannot be used: ${how}.`]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://app:secret@db/shop', 'postgres://user:password@host:5432/database'],
    ['SMTP_URL', 'http://secret', 'smtp://host:25'],
    ['PAYMENT_URL', 'secret', 'http://host:8080'],
    ['REDIS_URL', 'http://secret', 'redis://host:6379'],
    ['ADMIN_TOKEN', 'secret', 'at least 16 characters'],
  ])('%s is never repeated in the answer: it may hold a password', (name, value, how) => {
    const [sentence, ...more] = refusal({ [name]: value });
    expect(more).toEqual([]);
    expect(sentence).toContain(how);
    expect(sentence).not.toContain('secret');
  });
});

describe('a duration', () => {
  it.each([
    ['250ms', 250],
    ['20s', 20_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(read({ RETRY_FOR: text }).RETRY_FOR).toBe(ms);
  });

  it('has the defaults of the documentation', () => {
    expect(read({})).toMatchObject({
      PROVIDER_TIMEOUT: 3000,
      SMTP_TIMEOUT: 5000,
      POOL_WAIT: 5000,
      HANDLER_TIMEOUT: 20_000,
      RETRY_FOR: 86_400_000,
      TOPIC_RETENTION: 7 * 86_400_000,
      INBOX_RETENTION: 14 * 86_400_000,
      PROVIDER_KEY_WINDOW: 23 * 3_600_000,
      APP_NAME: 'shop',
    });
  });
});

describe('settings that contradict each other', () => {
  const async = { COMM_MODE: 'async' };
  it.each([
    ['dual write in production', { COMM_MODE: 'async-dual-write', NODE_ENV: 'production' }, 'use async'],
    ['roles of async-local', { COMM_MODE: 'async-local', ROLES: 'api', CACHE: 'off' }, 'remove ROLES'],
    ['subscribers of async-local', { COMM_MODE: 'async-local', SUBSCRIBERS: 'billing', CACHE: 'off' }, 'remove ROLES'],
    ['roles of sync', { ROLES: 'api,relay', CACHE: 'off' }, 'remove ROLES'],
    ['split roles with a cache in memory', { ...async, ROLES: 'api' }, 'set REDIS_URL, or CACHE=off'],
    ['an inbox shorter than the topic', { INBOX_RETENTION: '6d' }, 'make it at least as long'],
    ['a handler shorter than two provider calls', { HANDLER_TIMEOUT: '6s' }, 'raise it'],
    ['a handler longer than a rebalance', { HANDLER_TIMEOUT: '30s' }, 'lower it'],
  ])('%s are refused with the way out', (_what, env, wayOut) => {
    const sentences = refusal(env);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(wayOut);
    expect(sentences[0]).toMatch(/^[^.]+\.$/);
  });

  it.each([
    ['split roles without a cache', { ...async, ROLES: 'api', CACHE: 'off' }],
    ['split roles with Redis', { ...async, SUBSCRIBERS: 'billing', REDIS_URL: 'redis://cache:6379' }],
  ])('%s do not', (_what, env) => {
    expect(refusal(env)).toEqual([]);
  });

  it('leave the retries of sync to sync: in the others the lane repeats', () => {
    expect(read({ SYNC_RETRIES: '1' }).SYNC_RETRIES).toBe(1);
    expect(read({ ...async, SYNC_RETRIES: '1' }).SYNC_RETRIES).toBe(0);
  });
});
