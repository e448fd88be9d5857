import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../local/problem.js';
import { look } from './look.js';
import type { Places } from './observe.js';

const LOOK_EVERY_MS = 100;
/** Who has done something in the last part of the time that it was given is busy, not stuck. */
const AT_WORK_SHARE = 1 / 6;

export interface QuiescentOptions extends Pick<Places, 'databaseUrl' | 'ledger' | 'kafka'> {
  limitMs: number;
  /**
   * For how long nothing may have changed; at least the longest that a provider takes for its answer, because a call
   * that waits for it outside of a transaction is seen by nobody.
   */
  stillMs?: number;
  signal?: AbortSignal;
}

/**
 * Waits until nothing is under way in a shop: no outbox row, no lag, no lane that will be retried or is held, no open
 * transaction, and equal readings for `stillMs`, between which no effect has appeared in any table and none in the
 * outside world. It asks the servers, never the shop, whose own word on this is one of the things that are judged.
 * @returns how long it took until the first of the equal readings, in milliseconds.
 * @throws Problem past the limit, with what was still missing: `still_at_work` when effects still appeared (who is asked
 * for more than it can do is late, and nobody can say yet what it loses), else `not_quiet`; the signal's reason when it
 * is aborted.
 */
export async function quiescent(options: QuiescentOptions): Promise<number> {
  const { limitMs, stillMs = 300, signal, ...places } = options;
  const began = performance.now();
  let quiet: { since: number; signature: string } | undefined;
  let last: { done: string; sinceMs: number } | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const { missing, signature, done } = await look(places);
    const tookMs = performance.now() - began;
    if (last?.done !== done) last = { done, sinceMs: last ? tookMs : -Infinity };
    if (missing.length > 0) quiet = undefined;
    else if (quiet?.signature !== signature) quiet = { since: tookMs, signature };
    else if (tookMs - quiet.since >= stillMs) return quiet.since;
    if (tookMs > limitMs) {
      const isAtWork = tookMs - last.sinceMs < limitMs * AT_WORK_SHARE;
      throw notQuiet(isAtWork, limitMs, missing.length > 0 ? missing : ['effects still appear']);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

function notQuiet(isAtWork: boolean, limitMs: number, missing: string[]): Problem {
  const after = `after ${Math.round(limitMs / 1000)} s: ${missing.join('; ')}.`;
  return isAtWork
    ? new Problem('still_at_work', `The shop was still at work ${after} It needs a lower --rate here.`)
    : new Problem('not_quiet', `The shop was not quiet ${after}`);
}
