import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../local/folders.js';
import { endProcess } from '../local/processes.js';

/** A process that does one side of a benchmark. */
export interface Child<Answer> {
  pid: number;
  send(message: unknown): void;
  /** The next message that nobody has waited for yet. @throws when the process ends instead. */
  next(): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a script of `dist`; it ends with this process, because its channel closes. */
export function start<Answer>(
  script: string,
  env: Record<string, string> = {},
  execArgv: string[] = [],
): Child<Answer> {
  const file = path.join(import.meta.dirname, '..', script);
  const child = fork(file, [], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, execArgv });
  const heard: Answer[] = [];
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  let ended: Error | undefined;
  child.on('message', (message: Answer) => {
    const first = waiting.shift();
    if (first) first.resolve(message);
    else heard.push(message);
  });
  child.on('exit', (code) => {
    ended = new Error(`${script} ended with ${code} before it had answered.`);
    for (const { reject } of waiting.splice(0)) reject(ended);
  });
  return {
    pid: child.pid!,
    send: (message) => void child.send(message as object),
    next: () =>
      new Promise((resolve, reject) => {
        if (heard.length > 0) resolve(heard.shift()!);
        else if (ended) reject(ended);
        else waiting.push({ resolve, reject });
      }),
    stop: () => endProcess(child.pid!, { graceMs: 15_000 }),
  };
}

/** The shop itself as a child; resolves when events can flow. */
export async function startShop(env: Record<string, string>, execArgv: string[] = []) {
  const child = start<{ ready?: true; url?: string }>('src/main.js', env, execArgv);
  for (;;) {
    const { ready, url } = await child.next();
    if (ready) return { ...child, url: url! };
  }
}

/** Node's options for a relay that runs alone, as `docker-compose.yml` has them. */
export function relayFlags(): string[] {
  const { services } = parse(fs.readFileSync(path.join(projectRoot(), 'docker-compose.yml'), 'utf8'), {
    merge: true,
  }) as { services: { relay: { environment: { NODE_OPTIONS: string } } } };
  return services.relay.environment.NODE_OPTIONS.split(' ');
}

/** The settings that each child of the shop has in common. */
export const shopEnv = (databaseUrl: string, brokers: string, extra: Record<string, string>) => ({
  COMM_MODE: 'async',
  PORT: '0',
  LOG_LEVEL: 'error',
  CACHE: 'off',
  DATABASE_URL: databaseUrl,
  KAFKA_BROKERS: brokers,
  SMTP_URL: 'smtp://127.0.0.1:9',
  PAYMENT_URL: 'http://127.0.0.1:9',
  CARRIER_URL: 'http://127.0.0.1:9',
  ...extra,
});
