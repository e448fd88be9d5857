import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const UP_MS = 60_000;

type Env = Record<string, string>;

/** Compiles what has changed, as every command of the project does. */
export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'local', 'launch.mjs'), 'build'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The build failed:\n${stderr}`);
}

/** What a process may know of the test's own environment: nothing that the shop reads. */
const surroundings = (): Env => ({ PATH: process.env.PATH ?? '' });

/** One process of the built shop. */
export class ShopProcess {
  errors = '';
  private readonly child: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly ready: Promise<void>;

  constructor(
    readonly name: string,
    private readonly env: Env,
  ) {
    this.child = spawn(process.execPath, [path.join(ROOT, 'dist', 'src', 'main.js')], {
      env: { ...surroundings(), ...env },
      // It ends with this process: its channel closes.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
    this.ready = this.comeUp();
    this.ready.catch(() => undefined);
  }

  get url(): string {
    return `http://127.0.0.1:${this.env.PORT}`;
  }

  /** Asks it to stop, as an orchestrator does; resolves with its exit code. */
  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  /** Ends it at once, when a test is over. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private comeUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.name} was not ready after ${UP_MS} ms.`)), UP_MS).unref();
      this.child.on('message', (message: object) => {
        if (!('ready' in message)) return;
        clearTimeout(late);
        resolve();
      });
      void this.exited.then((code) => reject(new Error(`${this.name} ended with ${code}: ${this.errors}`)));
    });
  }
}

/** What a command line tool has said. */
export interface Said {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs a tool of the built shop on these settings. */
export async function tool(name: 'parked' | 'subscribers' | 'drain', words: string[], env: Env): Promise<Said> {
  const script = path.join(ROOT, 'dist', 'src', 'operations', 'cli', `${name}.cli.js`);
  const child = spawn(process.execPath, [script, ...words], {
    env: { ...surroundings(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Said = { code: null, output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.errors += text));
  [said.code] = (await once(child, 'close')) as [number | null];
  return said;
}
