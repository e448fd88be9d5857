/**
 * What a queue model and arithmetic say before anything is measured (lab.md §2, §2.1). Rates are orders per second,
 * durations milliseconds unless a name ends in S. They are the dashed lines of the page, never results.
 */

/** P/D: a design that holds one of `pool` connections while it waits cannot do more (lab.md §2, "the ceiling"). */
export const syncCapacity = (pool: number, heldMs: number): number => (pool * 1000) / heldMs;

/** The delay of one call at which P/D falls to `rate`; beyond it the queue of requests grows without end. */
export const collapseDelayMs = (rate: number, pool: number, ownWorkMs: number): number =>
  Math.max(0, (pool * 1000) / rate - ownWorkMs);

/**
 * How long the request that arrives at `atS` waits for a connection: a fluid queue, which grows by λ−μ a second and is
 * served at μ (lab.md §2.1).
 */
export const queueWaitMs = (rate: number, capacity: number, atS: number): number =>
  rate <= capacity ? 0 : (atS * 1000 * (rate - capacity)) / capacity;

/** Of the orders of `seconds` the share that waits less than `patienceMs`, and after that as many as are served: μ/λ. */
export function syncAcceptedShare(rate: number, capacity: number, seconds: number, patienceMs: number): number {
  if (rate <= capacity) return 1;
  const fullAfterS = Math.min(seconds, (patienceMs / 1000) * (capacity / (rate - capacity)));
  return (fullAfterS + (seconds - fullAfterS) * (capacity / rate)) / seconds;
}

/** p50 … p95 of the acknowledgement over a load of `seconds`, in the fluid queue; the client gives up at `patienceMs`. */
export function syncAckMs(load: {
  rate: number;
  pool: number;
  heldMs: number;
  seconds: number;
  q: number;
  patienceMs: number;
}): number {
  const { rate, pool, heldMs, seconds, q, patienceMs } = load;
  const wait = queueWaitMs(rate, syncCapacity(pool, heldMs), q * seconds);
  return Math.min(patienceMs, heldMs + wait);
}

/** One call after another: base + N·d (lab.md S1, T-A). */
export const syncChainMs = (baseMs: number, calls: number, callMs: number): number => baseMs + calls * callMs;

/** 1−(1−p)^N: how many orders meet at least one slow call (Dean & Barroso, "The Tail at Scale", 2013). */
export const slowShare = (calls: number, slow: number): number => 1 - (1 - slow) ** calls;

/** Π(1−q): all modules have to answer (Treynor et al., "The Calculus of Service Availability", 2017; lab.md T-C). */
export const allAnswer = (failing: readonly number[]): number => failing.reduce((all, q) => all * (1 - q), 1);

/** One repeat: both tries fail. True of single failures; in an outage the repeat fails as well. */
export const withOneRepeat = (failing: number): number => failing * failing;

/** λ·t: what has piled up when the outage ends (lab.md S4). */
export const backlog = (rate: number, outageS: number): number => rate * outageS;

/** backlog/(μ−λ): work goes on arriving while it drains. Infinity where nothing is left over for the backlog. */
export const drainS = (waiting: number, capacity: number, rate: number): number =>
  waiting === 0 ? 0 : capacity <= rate ? Infinity : waiting / (capacity - rate);

/** Lanes of different keys run side by side, each waits for one call at a time: L/D. */
export const asyncCapacity = (lanes: number, callMs: number): number => (lanes * 1000) / callMs;

/** Time to all effects: half a poll, or 0 where the relay is woken on commit, then carrier and work (lab.md S0). */
export const effectsMs = (path: { ackMs: number; pollMs: number; carrierMs: number; workMs: number }): number =>
  path.ackMs + path.pollMs / 2 + path.carrierMs + path.workMs;

/** Time to all effects while L/D is below the rate: the queue of deliveries grows like that of requests in sync. */
export function asyncEffectsMs(load: {
  rate: number;
  lanes: number;
  callMs: number;
  baseMs: number;
  seconds: number;
  q: number;
}): number {
  const { rate, lanes, callMs, baseMs, seconds, q } = load;
  return baseMs + callMs + queueWaitMs(rate, asyncCapacity(lanes, callMs), q * seconds);
}

/** P(stale at t), where effects arrive at p50 and p95 as an exponential tail after a fixed delay would have it. */
export function staleShare(atMs: number, p50Ms: number, p95Ms: number): number {
  const rate = Math.log(0.5 / 0.05) / Math.max(1e-9, p95Ms - p50Ms);
  const fixed = p50Ms - Math.LN2 / rate;
  return atMs <= fixed ? 1 : Math.exp(-rate * (atMs - fixed));
}
