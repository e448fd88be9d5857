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
  return outcomeOf(took, patienceMs, endMs);
}

/**
 * The same servers, fed in rounds: whoever comes while a round is under way waits until all of it is done. In a round it
 * is one turn after another, and first come, first served within a turn.
 */
export function simulateRounds(
  { arrivals, servers, serviceMs }: Pick<Queue, 'arrivals' | 'servers' | 'serviceMs'>,
  turns: readonly number[],
): QueueOutcome {
  const took: number[] = [];
  let nowMs = 0;
  while (took.length < arrivals.length) {
    nowMs = Math.max(nowMs, arrivals[took.length]!);
    const freeAt = Array.from({ length: servers }, () => nowMs);
    const round = arrivals.map((arrival, index) => ({ arrival, turn: turns[index]! })).slice(took.length);
    const here = round.filter(({ arrival }) => arrival <= nowMs).sort((a, b) => a.turn - b.turn);
    for (const { arrival } of here) {
      const next = freeAt.indexOf(Math.min(...freeAt));
      freeAt[next]! += serviceMs(freeAt[next]!);
      took.push(freeAt[next]! - arrival);
    }
    nowMs = Math.max(...freeAt);
  }
  return outcomeOf(took, Infinity, nowMs);
}

function outcomeOf(took: readonly (number | null)[], patienceMs: number, endMs: number): QueueOutcome {
  const accepted = took.filter((one) => one !== null).length;
  return {
    acceptedShare: took.length === 0 ? 1 : accepted / took.length,
    p50Ms: quantile(took, 0.5, patienceMs)?.value ?? 0,
    p95Ms: quantile(took, 0.95, patienceMs)?.value ?? 0,
    endMs,
  };
}
