import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type CommMode, InvalidSettings, needsKafka } from '../src/config.js';
import { homeFolder, projectRoot } from './folders.js';
import { places } from './left-overs.js';
import { takeLock } from './lock.js';
import { Problem } from './problem.js';
import { Progress } from './progress.js';
import { lockFile, readLastRunFile, readRunFile, type RunFile } from './run-file.js';
import type { Service } from './service.js';
import { type Brought, bringDatabase, bringKafka, bringOutsideWorld } from './services.js';
import { startSettings } from './start-settings.js';

type Tool = 'parked' | 'subscribers' | 'drain';
type Env = Record<string, string | undefined>;

/** `npm run parked`, `subscribers` and `drain`: on the environment, on the shop that runs, or on the one that last ran. */
async function operate(tool: Tool, words: string[], env: Env): Promise<number> {
  if (words.some((word) => word === '--help' || word === '-h' || word === 'help')) return runTool(tool, words, env);
  const home = homeFolder(env);
  const running = readRunFile(home);
  if (running && (!env.DATABASE_URL || env.DATABASE_URL === running.databaseUrl))
    return runTool(tool, words, { ...addressesOf(running), ...running.settings, ...env });
  // Whoever names a database has a shop of their own: only a drain needs the neighbours of that, too.
  if (env.DATABASE_URL && tool !== 'drain') return runTool(tool, words, env);
  return withBrought(tool, words, { ...readLastRunFile(home)?.settings, ...env });
}

const addressesOf = (run: RunFile): Env => ({
  DATABASE_URL: run.databaseUrl,
  KAFKA_BROKERS: run.kafkaBrokers,
  SMTP_URL: run.smtpUrl,
  PAYMENT_URL: run.paymentUrl,
  CARRIER_URL: run.carrierUrl,
});

/** Brings what the tool needs of a shop that is not running, and stops it afterwards. */
async function withBrought(tool: Tool, words: string[], env: Env): Promise<number> {
  const home = homeFolder(env);
  if (!env.DATABASE_URL && !fs.existsSync(path.join(places(home).postgres, 'data')))
    throw new Problem('no_shop', `No shop has run in ${home} yet: start one with npm start, or set DATABASE_URL.`);
  fs.mkdirSync(home, { recursive: true });
  const lock = takeLock(lockFile(home));
  if (typeof lock === 'number')
    throw new Problem('busy', `The shop of ${home} runs or is being started (pid ${lock}): stop it with Ctrl-C first.`);
  const progress = new Progress();
  const services: Service[] = [];
  const keep = (brought: Brought) => {
    if (brought.service) services.unshift(brought.service);
    return brought;
  };
  try {
    const settings = startSettings(env);
    const database = keep(await bringDatabase(settings, home, progress));
    const mode = database.lastMode as CommMode | undefined;
    const kafka =
      mode && needsKafka(mode) && tool !== 'parked'
        ? keep(await bringKafka({ ...settings, mode }, home, progress, Promise.resolve(database), () => undefined))
        : undefined;
    const outside = tool === 'drain' ? keep(await bringOutsideWorld(settings, home, progress)) : undefined;
    progress.end();
    return await runTool(tool, words, { ...settings.env, ...database.env, ...kafka?.env, ...outside?.env });
  } finally {
    progress.end();
    for (const service of services) await service.stop();
    lock();
  }
}

/** Runs the tool as a child; resolves with its exit code. It hears Ctrl-C itself, and stops when we are killed. */
function runTool(tool: Tool, words: string[], env: Env): Promise<number> {
  const script = path.join(projectRoot(), 'dist', 'src', 'operations', 'cli', `${tool}.cli.js`);
  const child = spawn(process.execPath, [script, ...words], { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const [tool, ...words] = process.argv.slice(2);
try {
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value));
  process.exit(await operate(tool as Tool, words, set));
} catch (error) {
  if (!(error instanceof Problem) && !(error instanceof InvalidSettings)) throw error;
  console.error(error.message);
  process.exit(1);
}
