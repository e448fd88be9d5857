import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/** Waits for a condition; past the limit it says what was missing. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await holds()); await pause(LOOK_EVERY_MS))
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}.`);
}
