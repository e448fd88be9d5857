import { setTimeout as pause } from 'node:timers/promises';
import type { ArmName } from '../model/arm.js';
import type { Observation } from '../model/observation.js';
import { deedsOf, ledgerText } from './ledger.js';
import { keptRows } from './rows.js';
import { type KafkaPlace, readLag, topicRecords } from './topics.js';
import { readViews } from './views.js';

/** Where the lab looks: past every proxy, at the servers themselves. */
export interface Places {
  databaseUrl: string;
  /** The address of the stand-ins, or the file of their ledger. */
  ledger: string;
  /** Left out in arms without a broker. */
  kafka?: KafkaPlace;
  /** The shop's own address; without it nobody asks what its cache and its figures say. */
  restUrl?: string;
}

export interface ObserveOptions extends Places {
  block: string;
  arm: ArmName;
  /** Deeds of the outside world before this time are not of this block. */
  sinceMs?: number;
}

/**
 * Reads what a shop has left behind, with connections of the lab's own. Call it when all is quiet. Topics that cannot be
 * read, and a shop that does not answer, are left out: the checker then does not know.
 * @throws Error when the database or the ledger cannot be read
 */
export async function observe(options: ObserveOptions): Promise<Observation> {
  const { databaseUrl, ledger, kafka, restUrl, block, arm, sinceMs } = options;
  const log = kafka && (await orNothing(() => readLog(kafka)));
  const rows = await keptRows(databaseUrl);
  const userIds = rows.users.map(({ id }) => id);
  const views = restUrl && (await orNothing(() => readViews(restUrl, userIds)));
  const deeds = deedsOf(await ledgerText(ledger), sinceMs);
  const unanswered = restUrl && !views ? true : undefined;
  return { block, arm, ...rows, ledger: deeds, ...log, ...(views || { unanswered }) };
}

async function readLog(kafka: KafkaPlace): Promise<Pick<Observation, 'records' | 'lag'>> {
  const records = await topicRecords(kafka);
  const { lag } = await readLag(kafka);
  return { records, lag: [...lag.values()].reduce((sum, one) => sum + one, 0) };
}

const TRIES = 5;
const AGAIN_MS = 500;

/** A server that comes back from a fault may need a moment. */
async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  for (let tries = 1; tries <= TRIES; tries++)
    try {
      return await read();
    } catch {
      if (tries < TRIES) await pause(AGAIN_MS);
    }
  return undefined;
}
