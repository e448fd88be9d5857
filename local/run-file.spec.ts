import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { takeLock } from './lock.js';
import { lockFile, readRunFile, type RunFile, runFile, writeRunFile } from './run-file.js';
import { beginOf } from './processes.js';

const RUN: RunFile = {
  mode: 'async',
  pid: process.pid,
  pids: { app: 1 },
  urls: { rest: 'http://127.0.0.1:3000', docs: 'http://127.0.0.1:3000/docs' },
  databaseUrl: 'postgres://app:secret@127.0.0.1:5432/shop',
  smtpUrl: 'smtp://127.0.0.1:25',
  paymentUrl: 'http://127.0.0.1:1',
  carrierUrl: 'http://127.0.0.1:1',
  settings: { COMM_MODE: 'async' },
};

let home: string;
beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), 'run-'))));
afterEach(() => fs.rmSync(home, { recursive: true }));

const lockOf = (owner: { pid: number; begin: string | undefined }) =>
  fs.writeFileSync(lockFile(home), JSON.stringify(owner));

describe('run.json', () => {
  it('tells what runs, to its owner only, and nothing else is left in the folder', () => {
    const release = takeLock(lockFile(home)) as () => void;
    writeRunFile(home, RUN);
    expect(readRunFile(home)).toEqual(RUN);
    expect(fs.statSync(runFile(home)).mode & 0o077).toBe(0);
    release();
    expect(fs.readdirSync(home)).toEqual(['run.json']);
  });

  it('is not believed when its start was killed', () => {
    lockOf({ pid: 2 ** 30, begin: '1' });
    writeRunFile(home, RUN);
    expect(readRunFile(home)).toBeUndefined();
  });
});

describe('the lock of a start', () => {
  it('is not given to a second one while the first lives', () => {
    takeLock(lockFile(home));
    expect(takeLock(lockFile(home))).toBe(process.pid);
  });

  it('is free again when it was given back', () => {
    (takeLock(lockFile(home)) as () => void)();
    expect(takeLock(lockFile(home))).toBeInstanceOf(Function);
  });

  it.each([
    ['is dead', { pid: 2 ** 30, begin: '1' }],
    ['is dead, and its number belongs to another process now', { pid: process.pid, begin: 'long ago' }],
  ])('is taken over when its owner %s', (_what, owner) => {
    lockOf(owner);
    expect(takeLock(lockFile(home))).toBeInstanceOf(Function);
    expect(fs.readdirSync(home)).toEqual(['start.lock']);
  });

  it('is taken over when it was written half', () => {
    fs.writeFileSync(lockFile(home), '{"pid":');
    expect(takeLock(lockFile(home))).toBeInstanceOf(Function);
  });
});

it('knows a process by its pid and when it began, and a dead one not at all', async () => {
  expect(beginOf(process.pid)).toBe(beginOf(process.pid));
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(beginOf(child.pid!)).toBeUndefined();
});
