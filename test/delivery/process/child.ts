import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endProcess, isAlive, signal } from '../../../local/processes.js';
import { until } from '../../support/until.js';

const LOADER = join(import.meta.dirname, '../../support/typescript.cjs');
const MAIN = join(import.meta.dirname, 'notes-process.ts');

/** A process of its own that reads notes, to be stopped, continued and killed. */
export class Child {
  /** Resolves when it has ended, by whatever. */
  readonly ended: Promise<unknown>;
  private ready = false;

  private constructor(private readonly process: ChildProcess) {
    this.ended = once(process, 'exit');
    process.on('message', () => (this.ready = true));
  }

  static start(env: Record<string, string>): Child {
    const inherited = { PATH: process.env.PATH, HOME: process.env.HOME };
    const child = spawn(process.execPath, [LOADER, MAIN], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Child(child);
  }

  /** Starts it and waits until deliveries can reach it. */
  static async started(env: Record<string, string>): Promise<Child> {
    const child = Child.start(env);
    await until('the process to be ready', () => child.ready || !child.alive, 40_000);
    if (!child.alive) throw new Error('The process ended before it was ready.');
    return child;
  }

  get alive(): boolean {
    return isAlive(this.process.pid!);
  }

  /** True while it is stopped by SIGSTOP. */
  get stopped(): boolean {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(this.process.pid)], { encoding: 'utf8' });
    return state.trim().startsWith('T');
  }

  goOn(): void {
    signal(this.process.pid!, 'SIGCONT');
  }

  async end(): Promise<void> {
    if (this.alive) await endProcess(this.process.pid!, { graceMs: 15_000 });
  }
}
