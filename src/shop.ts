import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config.js';
import type { Databases } from './database/databases.js';
import type { ModeLock } from './database/mode-lock.js';
import { Admission, InFlight } from './http/index.js';
import { Messaging, Settlement, type SettlementReading } from './messaging/index.js';

const LOOK_EVERY_MS = 15;

/** Deliveries were still missing when the time was up; the message lists them. */
export class NotSettled extends Error {}

/** One running application. */
export class Shop {
  private closing?: Promise<void>;

  constructor(
    readonly config: Config,
    readonly app: NestFastifyApplication,
    readonly databases: Databases,
    readonly url: string,
    private readonly lock?: ModeLock,
  ) {}

  get messaging(): Messaging {
    return this.app.get(Messaging);
  }

  /** Whether nothing is in flight in this process and all that was announced is delivered. */
  async reading(): Promise<SettlementReading> {
    const inFlight = this.app.get(InFlight).count;
    if (inFlight > 0) return { settled: false, missing: [`${inFlight} requests are in flight`], left: inFlight };
    return this.app.get(Settlement).reading();
  }

  /** Resolves when settled; a negative assertion is exact afterwards. @throws NotSettled after `limitMs`. */
  settled(limitMs = 20_000): Promise<void> {
    return this.until(limitMs, 'settled', () => this.reading());
  }

  /** Resolves when every subscriber has joined and nothing stands in the way. @throws NotSettled after `limitMs`. */
  async ready(limitMs = 30_000): Promise<void> {
    let failure: Error | undefined;
    this.messaging.failed.catch((error: Error) => (failure = error));
    await this.until(limitMs, 'ready', async () => {
      if (failure) throw failure;
      const { ready: settled, waitingFor: missing } = this.messaging.state();
      return { settled, missing };
    });
  }

  /** Says that it is not ready, and takes requests for `ms` longer: whoever sends them must notice first. */
  async leave(ms: number): Promise<void> {
    this.app.get(Admission).leave();
    await pause(ms);
  }

  /** Finishes what runs and lets go of everything; a second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    await this.app.close();
    await this.databases.close();
    await this.lock?.release();
  }

  private async until(limitMs: number, what: string, look: () => Promise<{ settled: boolean; missing: string[] }>) {
    for (const end = Date.now() + limitMs; ; await pause(LOOK_EVERY_MS)) {
      const { settled, missing } = await look();
      if (settled) return;
      if (Date.now() > end) throw new NotSettled(`Not ${what} after ${limitMs} ms: ${missing.join('; ')}.`);
    }
  }
}
