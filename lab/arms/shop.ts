import fs from 'node:fs';
import { type App, startApp } from '../../local/app-process.js';
import { Problem } from '../../local/problem.js';
import { gone, isAlive, signal } from '../../local/processes.js';

const UP_MS = 60_000;

/** One process of a shop, as the lab has started it. */
export class Shop {
  private constructor(
    private readonly app: App,
    readonly url: string,
    readonly settings: Readonly<Record<string, string>>,
  ) {}

  /**
   * Resolves when the shop says that it is ready. `main` is the file to run instead of that of the build.
   * @throws Problem when it ends before, or takes longer than a minute.
   */
  static async start(home: string, settings: Record<string, string>, log: string, main?: string): Promise<Shop> {
    const output = fs.openSync(log, 'a');
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings };
    const app = startApp(home, env, () => undefined, { output, main });
    fs.closeSync(output);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it is not ready after ${UP_MS / 1000} s`)), UP_MS);
    });
    try {
      return new Shop(app, await Promise.race([app.ready, late]), settings);
    } catch (error) {
      await app.kill9();
      const said = fs.readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' ');
      const sentence = `A shop in COMM_MODE=${settings.COMM_MODE} does not start (${(error as Error).message}): ${said}`;
      throw new Problem('shop_start', sentence);
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number {
    return this.app.pid;
  }

  get alive(): boolean {
    return isAlive(this.pid);
  }

  /** Resolves when the process has ended, whoever ended it. */
  get exited(): Promise<unknown> {
    return this.app.exited;
  }

  kill9(): Promise<void> {
    return this.app.kill9();
  }

  /** It finishes what it has begun; killed when that takes longer. */
  async stop(graceMs = 10_000): Promise<void> {
    signal(this.pid, 'SIGCONT');
    signal(this.pid, 'SIGTERM');
    if (!(await gone(this.pid, graceMs))) await this.kill9();
  }
}
