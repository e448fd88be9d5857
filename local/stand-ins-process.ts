import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from './folders.js';
import { Problem } from './problem.js';
import { endProcess, gone, processesWith, signal } from './processes.js';
import type { Service } from './service.js';

export interface StandInsProcess extends Service {
  smtpUrl: string;
  paymentUrl: string;
  carrierUrl: string;
  mailboxUrl: string;
}

/** By this argument the process of the stand-ins is known. */
export const standInsMark = (dir: string) => `--dir=${dir}`;

/** Starts the outside world as a process of its own, or adopts the one that still runs on this folder. */
export async function startStandInsProcess(dir: string): Promise<StandInsProcess> {
  const [running] = processesWith(standInsMark(dir));
  if (running !== undefined) {
    const ports = readPorts(dir);
    if (ports && (await answers(ports.http))) return handle(dir, running, ports);
    await endProcess(running, { graceMs: 2_000 });
  }
  fs.mkdirSync(dir, { recursive: true });
  const log = path.join(dir, 'stand-ins.log');
  const output = fs.openSync(log, 'w');
  const main = path.join(projectRoot(), 'dist', 'local', 'stand-ins', 'main.js');
  const child = spawn(process.execPath, [main, standInsMark(dir)], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  fs.closeSync(output);
  child.unref();
  const end = Date.now() + 20_000;
  while (child.exitCode === null && child.signalCode === null && Date.now() < end) {
    const ports = readPorts(dir);
    if (ports && ports.pid === child.pid && (await answers(ports.http))) return handle(dir, child.pid, ports);
    await pause(10);
  }
  if (child.pid) signal(child.pid, 'SIGKILL');
  throw new Problem(
    'stand_ins',
    `The stand-ins do not start, ${log} says: ${fs.readFileSync(log, 'utf8').trim().slice(-500)}`,
  );
}

interface Ports {
  http: number;
  smtp: number;
  pid: number;
}

function handle(dir: string, pid: number, { http, smtp }: Ports): StandInsProcess {
  const url = `http://127.0.0.1:${http}`;
  return {
    name: 'The stand-ins process',
    pid,
    smtpUrl: `smtp://127.0.0.1:${smtp}`,
    paymentUrl: url,
    carrierUrl: url,
    mailboxUrl: url,
    stop: () => endProcess(pid, { graceMs: 5_000 }),
    kill9: async () => {
      signal(pid, 'SIGKILL');
      await gone(pid, 5_000);
    },
    restart: () => startStandInsProcess(dir),
  };
}

function readPorts(dir: string): Ports | undefined {
  const file = path.join(dir, 'ports.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Ports) : undefined;
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/knobs`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
