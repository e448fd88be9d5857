import { isRetryable } from '../failure.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;

/**
 * When a failed delivery is due again: after 0.2 s × 2^attempts, at most 60 s, half of it at random so that the lanes
 * of one outage do not return together. `null`: it waits for a person, because the error is not retryable or the lane
 * has failed for longer than `retryForMs`.
 */
export function pauseAfter(error: unknown, attempts: number, failingForMs: number, retryForMs: number): number | null {
  if (!isRetryable(error) || failingForMs > retryForMs) return null;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20));
  return Math.round(pause * (0.5 + Math.random() / 2));
}

/** The error as it is kept with a lane: its code and its sentence. */
export function describe(error: unknown): { code: string; text: string } {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: string; message?: string };
  const shown = typeof code === 'string' ? code : (name ?? 'Error');
  // PostgreSQL's text has no NUL.
  return { code: shown, text: `${shown}: ${message ?? String(error)}`.replaceAll('\0', '').slice(0, 1000) };
}
