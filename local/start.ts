import fs from 'node:fs';
import { Command } from 'commander';
import { COMM_MODES, InvalidSettings } from '../src/config.js';
import { endLeftOverApp } from './app-process.js';
import { homeFolder } from './folders.js';
import { takeLock } from './lock.js';
import { isFree } from './ports.js';
import { Problem } from './problem.js';
import { Progress } from './progress.js';
import { lockFile, readRunFile } from './run-file.js';
import { ShopRun } from './run-shop.js';
import { startSettings, type StartSettings } from './start-settings.js';
import { stopRequests } from './stop-requests.js';

const HELP = `
What is not named in the environment is brought: PostgreSQL (DATABASE_URL), a Kafka
broker in the modes that need one (KAFKA_BROKERS), stand-ins for mail, payment and
carrier (SMTP_URL, PAYMENT_URL, CARRIER_URL).

  COMM_MODE        the mode: ${COMM_MODES.slice(0, 3).join(', ')},
                   ${COMM_MODES.slice(3).join(', ')}
  PORT             the port of the REST interface (3000)
  SWITCHYARD_HOME  the folder for all data (.switchyard)

.env.example lists every other setting.`;

async function start(): Promise<number> {
  const command = new Command('npm start --')
    .description('Starts the shop and whatever it needs that is not there; Ctrl-C stops all of it.')
    .option('--mode <mode>', 'instead of COMM_MODE')
    .option('--port <port>', 'instead of PORT')
    .addHelpText('after', HELP)
    .parse();
  const { mode, port } = command.opts<{ mode?: string; port?: string }>();
  const settings = startSettings({ ...process.env, ...(mode && { COMM_MODE: mode }), ...(port && { PORT: port }) });
  const home = homeFolder();
  makeHome(home);
  const lock = takeLock(lockFile(home));
  if (typeof lock === 'number') throw alreadyRunning(home, lock);
  try {
    const progress = new Progress();
    await endLeftOverApp(home, (sentence) => progress.say(sentence));
    await checkPort(settings);
    return await new ShopRun(settings, home, progress).untilStopped(stopRequests());
  } finally {
    lock();
  }
}

function makeHome(home: string): void {
  try {
    if (fs.mkdirSync(home, { recursive: true })) fs.chmodSync(home, 0o755);
    fs.accessSync(home, fs.constants.W_OK);
  } catch (cause) {
    const sentence = `The data folder ${home} cannot be written: set SWITCHYARD_HOME to one that can.`;
    throw new Problem('home_not_writable', sentence, { cause });
  }
}

function alreadyRunning(home: string, pid: number): Problem {
  const where = readRunFile(home)?.urls.rest;
  const what = where ? `The shop already runs at ${where}` : 'The shop is already being started';
  return new Problem(
    'already_running',
    `${what} (pid ${pid}): stop it with Ctrl-C, or set SWITCHYARD_HOME and PORT for a second one.`,
  );
}

async function checkPort({ port, host }: StartSettings): Promise<void> {
  if (port === 0 || (await isFree(port, host))) return;
  throw new Problem(
    'port_in_use',
    `Port ${port} is in use: stop what listens there, or run PORT=${port + 1} npm start.`,
  );
}

try {
  process.exit(await start());
} catch (error) {
  if (!(error instanceof Problem) && !(error instanceof InvalidSettings)) throw error;
  console.error(error.message);
  process.exit(1);
}
