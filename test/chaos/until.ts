import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** Waits for a condition; rejects past the limit with what was missing, and at once when the run is stopped. */
export async function until(
  what: () => string,
  holds: () => boolean | Promise<boolean>,
  limitMs: number,
  stopping: AbortSignal,
): Promise<void> {
  for (const end = Date.now() + limitMs; !(await holds());) {
    if (Date.now() > end) throw new Error(`Waited ${Math.round(limitMs / 1000)} s for ${what()}.`);
    await pause(LOOK_EVERY_MS, undefined, { signal: stopping });
  }
}
