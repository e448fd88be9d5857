import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signal } from '../../local/processes.js';

/** An orchestrator starts again what has ended, after a moment. */
const AGAIN_MS = 300;
/** Shorter than an orchestrator's 30 s: a handler may take 10 s here. */
const GRACE_MS = 15_000;

/** What one process of the shop is for. */
export interface Role {
  name: string;
  env: Record<string, string>;
  port: number;
}

/** A process of the shop that is started again whenever it ends, as an orchestrator would. */
export class AppProcess {
  /** How often it ended although nobody had ended it, after it had been ready. */
  crashes = 0;
  private child?: ChildProcess;
  private exited: Promise<void> = Promise.resolve();
  private ready = false;
  private held = false;
  private expected = false;
  private failpoints?: string;

  constructor(
    readonly role: Role,
    /** The built main.js. */
    private readonly program: string,
    private readonly env: Record<string, string>,
    private readonly log: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.role.port}`;
  }

  get running(): boolean {
    return this.child !== undefined;
  }

  /** A failpoint waits for its pass; it is disarmed when it has killed. */
  get isArmed(): boolean {
    return this.failpoints !== undefined;
  }

  /** True once it has said so itself, until it ends. */
  get isReady(): boolean {
    return this.ready;
  }

  start(failpoints?: string): void {
    this.held = false;
    this.failpoints = failpoints;
    if (!this.child) this.spawn();
  }

  /** SIGKILL; it stays down until `start`. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.held = true;
    this.send('SIGKILL');
    await this.exited;
  }

  /** SIGTERM, and SIGKILL when it has not ended in time; it stays down until `start`. */
  async stop(): Promise<void> {
    this.held = true;
    this.send('SIGCONT');
    this.send('SIGTERM');
    const ended = await Promise.race([this.exited.then(() => true), pause(GRACE_MS, false, { ref: false })]);
    if (!ended) await this.kill();
  }

  send(name: NodeJS.Signals): void {
    if (!this.child?.pid) return;
    if (name === 'SIGKILL' || name === 'SIGTERM') this.expected = true;
    signal(this.child.pid, name);
  }

  /** Stopped by a signal, its own failpoint's for example. */
  get isStopped(): boolean {
    if (!this.child?.pid) return false;
    try {
      return execFileSync('ps', ['-o', 'stat=', '-p', String(this.child.pid)], { encoding: 'utf8' }).startsWith('T');
    } catch {
      return false; // it has ended
    }
  }

  private spawn(): void {
    const output = fs.openSync(this.log, 'a');
    const failpoints = this.failpoints && { FAILPOINTS: this.failpoints };
    const child = spawn(process.execPath, [this.program, `--stage=${path.dirname(this.log)}`], {
      env: { ...process.env, ...this.env, ...this.role.env, PORT: String(this.role.port), ...failpoints },
      // A group of its own: the terminal's Ctrl-C must reach it through us. Its channel closes when we are killed.
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    fs.closeSync(output);
    this.child = child;
    this.expected = false;
    child.on('message', (message: { ready?: true }) => (this.ready ||= message.ready === true));
    this.exited = new Promise((resolve) => {
      child.once('exit', (_code, by) => {
        if (this.failpoints && by === 'SIGKILL' && !this.expected) this.failpoints = undefined;
        else if (this.ready && !this.expected) this.crashes++;
        this.child = undefined;
        this.ready = false;
        if (!this.held) setTimeout(() => !this.held && !this.child && this.spawn(), AGAIN_MS);
        resolve();
      });
    });
  }
}
