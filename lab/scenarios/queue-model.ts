import { quantile } from '../statistics/index.js';

/** Orders that meet a number of equal servers, first come, first served. */
export interface Queue {
  /** Milliseconds, in their order. */
  arrivals: readonly number[];
  servers: number;
  /** For how long an order holds its server that it gets at this moment. */
  serviceMs: (startMs: number) => number;
  /** Who waits longer for a server is turned away. */
  mostWaitMs?: number;
  /** Whose answer takes longer has gone; the server does not know and works on. */
  patienceMs?: number;
}

export interface QueueOutcome {
  acceptedShare: number;
  p50Ms: number;
  p95Ms: number;
  /** When the last one is done, from the first moment. */
  endMs: number;
}

/** What the arrivals of a block lead to when nothing is left to chance but they. */
export function simulateQueue(queue: Queue): QueueOutcome {
  const { arrivals, servers, serviceMs, mostWaitMs = Infinity, patienceMs = Infinity } = queue;
  const freeAt = Array.from({ length: servers }, () => 0);
  const took: (number | null)[] = [];
  let endMs = 0;
  for (const arrival of arrivals) {
    const next = freeAt.indexOf(Math.min(...freeAt));
    const start = Math.max(arrival, freeAt[next]!);
    if (start - arrival > mostWaitMs) {
      took.push(null);
      continue;
    }
    const done = start + serviceMs(start);
    freeAt[next] = done;
    endMs = Math.max(endMs, done);
    took.push(done - arrival <= patienceMs ? done - arrival : null);
  }
  const accepted = took.filter((one) => one !== null).length;
  return {
    acceptedShare: arrivals.length === 0 ? 1 : accepted / arrivals.length,
    p50Ms: quantile(took, 0.5, patienceMs)?.value ?? 0,
    p95Ms: quantile(took, 0.95, patienceMs)?.value ?? 0,
    endMs,
  };
}
