import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { leftOvers } from '../../local/left-overs.js';
import { freePort } from '../../local/ports.js';
import { isAlive } from '../../local/processes.js';
import type { RunFile } from '../../local/run-file.js';
import { until } from './until.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const UP_MS = 60_000;

/** A data folder of its own, as a second checkout would have, and the port that its starts use. */
export class Checkout {
  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async create(): Promise<Checkout> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'switchyard-start-'));
    fs.chmodSync(folder, 0o755); // root starts PostgreSQL as another user, who has to come through here
    return new Checkout(folder, await freePort());
  }

  get home(): string {
    return path.join(this.folder, 'home');
  }

  /** Runs what `npm start` runs. */
  start(env: Record<string, string | undefined> = {}, args: string[] = []): Start {
    return new Start(this, spawnLaunch('start', args, { ...this.own(), ...env }));
  }

  /** Runs another command of the project, to its end. */
  async run(command: string, args: string[] = [], env: Record<string, string> = {}) {
    const run = new Start(this, spawnLaunch(command, args, { ...this.own(), ...env }));
    return { code: await run.exited, output: run.output, errors: run.errors };
  }

  private own(): Record<string, string> {
    return { SWITCHYARD_HOME: this.home, PORT: String(this.port), LOG_LEVEL: 'warn' };
  }

  /** A folder to be the whole PATH, with these scripts in it. */
  pathWith(scripts: Record<string, string>): string {
    const bin = fs.mkdtempSync(path.join(this.folder, 'bin-'));
    for (const [name, text] of Object.entries(scripts))
      fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return bin;
  }

  /** Processes that still run on this folder. */
  running(): number[] {
    return leftOvers(this.home);
  }

  remove(): void {
    for (const pid of this.running()) process.kill(pid, 'SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

function spawnLaunch(command: string, args: string[], env: Record<string, string | undefined>): ChildProcess {
  const inherited = { ...process.env };
  for (const name of [
    'DATABASE_URL',
    'KAFKA_BROKERS',
    'SMTP_URL',
    'PAYMENT_URL',
    'CARRIER_URL',
    'COMM_MODE',
    'NODE_ENV',
  ])
    delete inherited[name];
  const launcher = path.join(ROOT, 'local', 'launch.mjs');
  return spawn(process.execPath, [launcher, command, ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** One `npm start`, and what it says. */
export class Start {
  output = '';
  errors = '';
  readonly exited: Promise<number | null>;

  constructor(
    readonly checkout: Checkout,
    readonly child: ChildProcess,
  ) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  /** What run.json says; it is there when the shop is ready. */
  run(): RunFile {
    return JSON.parse(fs.readFileSync(path.join(this.checkout.home, 'run.json'), 'utf8')) as RunFile;
  }

  async ready(): Promise<this> {
    const ended = this.exited.then((code) => {
      throw new Error(`npm start ended with ${code} before it was ready:\n${this.errors}\n${this.output}`);
    });
    ended.catch(() => {});
    await Promise.race([ended, until('the banner', () => this.output.includes('Ctrl-C stops all of it'), UP_MS)]);
    return this;
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Presses Ctrl-C again and again, as a person does who has lost patience. */
  async pressUntilEnded(): Promise<void> {
    let ended = false;
    void this.exited.then(() => (ended = true));
    await until('npm start to end', () => {
      this.child.kill('SIGINT');
      return ended;
    });
  }

  async post(route: string, body: unknown): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json', prefer: 'wait=20' };
    const response = await fetch(this.run().urls.rest + route, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${route} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  async get(route: string): Promise<Record<string, unknown>> {
    const response = await fetch(this.run().urls.rest + route);
    if (!response.ok) throw new Error(`GET ${route} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }
}

export async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(`process ${pid} to be gone`, () => !isAlive(pid));
}

/** Runs lines as a person would paste them into bash. */
export function bash(lines: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', lines], { cwd: ROOT }, (error, stdout, stderr) =>
      error ? reject(new Error(error.message)) : resolve(stdout + stderr),
    );
  });
}
