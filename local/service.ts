import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './processes.js';

/** A process that the shop needs and that a start brings: PostgreSQL, Kafka, the stand-ins. */
export interface Service {
  name: string;
  pid: number;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again on the same data and the same ports. */
  restart(): Promise<Service>;
}

const LOOK_MS = 200;
const RESTARTS = 5;
const WITHIN_MS = 60_000;

export interface Watch {
  say: (sentence: string) => void;
  /** Told the new service after each restart. */
  onRestart: (service: Service) => void;
  until: AbortSignal;
}

/**
 * Starts a service again when it dies under the running shop. Rejects when it does not stay up: five times in a minute
 * is not an accident any more. Resolves when `until` is aborted.
 */
export async function keepAlive(service: Service, { say, onRestart, until }: Watch): Promise<void> {
  const deaths: number[] = [];
  for (let current = service; !until.aborted; await pause(LOOK_MS)) {
    if (isAlive(current.pid)) continue;
    deaths.push(Date.now());
    const recent = deaths.filter((at) => at > Date.now() - WITHIN_MS);
    if (recent.length > RESTARTS) throw new Error(`${service.name} ended ${recent.length} times within a minute.`);
    say(`${service.name} has ended: it is started again.`);
    current = await current.restart();
    onRestart(current);
  }
}
