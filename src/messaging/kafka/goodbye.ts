import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_GOODBYE_MS = 1000;

/**
 * Waits for a client to disconnect, but not for a broker that is away: kafkajs lets a request that is under way take
 * its 30 s. Never rejects.
 */
export async function goodbye(left: Promise<unknown> | undefined, limitMs = LONGEST_GOODBYE_MS): Promise<void> {
  const late = pause(limitMs, undefined, { ref: false });
  await Promise.race([left?.catch(() => undefined), late]);
}
