import { type App, EndedEarly, startApp } from './app-process.js';
import { settings as schema } from '../src/config.js';
import { banner } from './banner.js';
import { makeArchive } from './kafka-archive.js';
import { endLeftOvers, places } from './left-overs.js';
import type { Progress } from './progress.js';
import { type RunFile, writeRunFile } from './run-file.js';
import { keepAlive, type Service } from './service.js';
import { type Brought, bringDatabase, bringKafka, bringOutsideWorld } from './services.js';
import type { StartSettings } from './start-settings.js';
import type { StopRequests } from './stop-requests.js';

type Part = 'standIns' | 'kafka' | 'postgres';
/** In this order they stop, after the application: whoever drains still needs them. */
const PARTS: Part[] = ['standIns', 'kafka', 'postgres'];

/** One run of the shop, from the first process to the last. */
export class ShopRun {
  private readonly services = new Map<Part, Service>();
  private readonly stopping = new AbortController();
  private readonly pending: Promise<unknown>[] = [];
  private app: App | undefined;
  private run: RunFile | undefined;

  constructor(
    private readonly settings: StartSettings,
    private readonly home: string,
    private readonly progress: Progress,
  ) {}

  /** Runs until somebody asks it to stop or something ends it; leaves nothing running. Resolves with the exit code. */
  async untilStopped(requests: StopRequests): Promise<number> {
    try {
      return await Promise.race([this.bringUp(), requests.first.then(() => 0)]);
    } catch (error) {
      if (error instanceof EndedEarly) return error.exitCode;
      throw error;
    } finally {
      this.stopping.abort();
      this.progress.end();
      await Promise.race([this.stopAll(), requests.second]);
      await this.killRest();
    }
  }

  /** Starts everything side by side; resolves with the exit code of the application. */
  private async bringUp(): Promise<number> {
    const { settings, home, progress } = this;
    let onAddress: (brokers: string) => void = () => {};
    const address = new Promise<string>((resolve) => (onAddress = resolve));
    const database = this.keep('postgres', bringDatabase(settings, home, progress));
    const kafka = this.keep('kafka', bringKafka(settings, home, progress, database, onAddress));
    const neighbours = Promise.all([
      database,
      this.keep('standIns', bringOutsideWorld(settings, home, progress)),
      // The application waits for its broker by itself: most of their starts overlap.
      Promise.race([kafka, address.then((brokers): Brought => ({ env: { KAFKA_BROKERS: brokers } }))]),
    ]);
    const brought = await Promise.race([neighbours, kafka.then(() => neighbours)]);
    if (this.stopping.signal.aborted) return 0;
    const env = Object.assign({}, settings.env, ...brought.map((one) => one.env), {
      COMM_MODE: settings.mode,
      PORT: String(settings.port),
    }) as NodeJS.ProcessEnv;
    this.app = startApp(home, env, (sentence) => progress.say(sentence));
    const app = this.app;
    const [rest] = await progress.during('Starting the shop', () => Promise.all([app.ready, kafka]));
    progress.end();
    this.announce(rest, env, brought[1].mailboxUrl);
    return Promise.race([app.exited, ...this.watchAll()]);
  }

  /** Remembers what was started, also when it comes up after somebody has asked to stop. */
  private keep(part: Part, coming: Promise<Brought>): Promise<Brought> {
    const kept = coming.then((brought) => {
      if (brought.service) this.services.set(part, brought.service);
      return brought;
    });
    this.pending.push(kept.catch(() => {}));
    return kept;
  }

  private announce(rest: string, env: NodeJS.ProcessEnv, mailbox: string | undefined): void {
    this.run = {
      mode: this.settings.mode,
      pid: process.pid,
      pids: { app: this.app!.pid },
      urls: { rest, docs: `${rest}/docs`, mailbox },
      databaseUrl: env.DATABASE_URL!,
      kafkaBrokers: env.KAFKA_BROKERS,
      smtpUrl: env.SMTP_URL!,
      paymentUrl: env.PAYMENT_URL!,
      carrierUrl: env.CARRIER_URL!,
      settings: settingsOf(this.settings.env),
    };
    this.writeRun();
    process.stdout.write(banner(this.run, this.home));
  }

  private writeRun(): void {
    if (!this.run) return;
    for (const [part, { pid }] of this.services) this.run.pids[part] = pid;
    writeRunFile(this.home, this.run);
  }

  private watchAll(): Promise<never>[] {
    const making = this.services.has('kafka')
      ? makeArchive(places(this.home).archive, this.stopping.signal)
      : undefined;
    if (making) this.pending.push(making);
    return [...this.services].map(async ([part, service]) => {
      await keepAlive(service, {
        say: (sentence) => this.progress.say(sentence),
        onRestart: (again) => {
          this.services.set(part, again);
          this.writeRun();
        },
        until: this.stopping.signal,
      });
      return new Promise<never>(() => {}); // it was stopped: the application's exit decides
    });
  }

  private async stopAll(): Promise<void> {
    if (this.app) {
      this.progress.say('Stopping: the shop finishes what it has begun. Ctrl-C again ends it at once.');
      await this.app.stop();
    }
    // What was still starting comes up first, or takes too long and is ended with the rest.
    await Promise.race([Promise.all(this.pending), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
    for (const part of PARTS) await this.services.get(part)?.stop();
  }

  /** After a stop in good order there is nothing left to end. */
  private async killRest(): Promise<void> {
    await this.app?.kill9();
    await endLeftOvers(this.home, { graceMs: 0 });
  }
}

/** Of what a person has set, that which the application reads. */
const settingsOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
