import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from './folders.js';
import { lockOwner } from './lock.js';

/** What is where while the shop runs, and how it was started; the command line tools and the lab read it. */
export interface RunFile {
  mode: string;
  /** The process behind `npm start`. */
  pid: number;
  pids: { app: number; postgres?: number; kafka?: number; standIns?: number };
  urls: { rest: string; docs: string; mailbox?: string };
  databaseUrl: string;
  kafkaBrokers?: string;
  smtpUrl: string;
  paymentUrl: string;
  carrierUrl: string;
  /** What the person who started it had set. */
  settings: Record<string, string>;
}

export const runFile = (home: string) => path.join(home, 'run.json');
export const lockFile = (home: string) => path.join(home, 'start.lock');

/** Whole or not at all; readable by its owner only, as it holds the password of the database. */
export function writeRunFile(home: string, run: RunFile): void {
  writeWhole(runFile(home), `${JSON.stringify(run, null, 2)}\n`, 0o600);
}

/** What runs on this folder now; undefined when nothing does, whatever a killed start has left. */
export function readRunFile(home: string): RunFile | undefined {
  return lockOwner(lockFile(home)) === undefined ? undefined : readLastRunFile(home);
}

/** What runs on this folder or ran last: its addresses may be nobody's now. */
export function readLastRunFile(home: string): RunFile | undefined {
  try {
    return JSON.parse(fs.readFileSync(runFile(home), 'utf8')) as RunFile;
  } catch {
    return undefined; // it starts at this moment, or has never been started
  }
}
