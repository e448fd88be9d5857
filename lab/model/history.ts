import { z } from 'zod';

/**
 * One line of `history.jsonl`: what the lab asked of a shop, what it heard, and what it did to it. The lab writes a
 * line before it acts on it, so that a kill -9 of the shop, or of the lab, forgets nothing that was asked.
 * All `…Ms` are milliseconds since 1970 by the clock of this host, with fractions.
 */
const request = {
  /** The block it belongs to: `<scenario>.<arm>.<number>[.<variant>]`. */
  block: z.string(),
  /** Rises over the whole run; an outcome carries the number of its invoke. */
  seq: z.int(),
  /** `unnamed`: an order without an id of the client's; the shop gives it one. */
  f: z.enum(['register', 'place', 'read', 'cancel', 'unnamed']),
  /** The subject, minted by the lab: an order's id; of a registration the e-mail; of an unnamed order what tells it apart. */
  key: z.string(),
};

export const Invoke = z.object({
  ...request,
  type: z.literal('invoke'),
  /** The Idempotency-Key. */
  idem: z.string().optional(),
  /** When the schedule wanted it, and when it was sent: latency counts from the first. */
  intendedMs: z.number(),
  sentMs: z.number(),
  /** Minor units; of a placed order. */
  total: z.int().optional(),
});

/** 2xx is ok; a definite 4xx is fail; a time-out, a reset, a 5xx is info: nobody knows. */
export const Outcome = z.object({
  ...request,
  type: z.enum(['ok', 'fail', 'info']),
  doneMs: z.number(),
  http: z.int().optional(),
  /** The code of the problem document, or of the socket's error. */
  code: z.string().optional(),
  /** The status of the order in the answer, or the subject's id. */
  value: z.string().optional(),
});

/** What the lab did to a shop; `evidence` is what shows that it happened (a pid that ended, a refused connection). */
export const FaultLine = z.object({
  block: z.string(),
  f: z.literal('fault'),
  name: z.string(),
  type: z.enum(['start', 'stop']),
  atMs: z.number(),
  evidence: z.string().optional(),
});

/** From when to when the load of a block ran, and when the lab saw that all was settled (or gave up waiting). */
export const BlockLine = z.object({
  block: z.string(),
  f: z.literal('block'),
  type: z.enum(['start', 'load', 'loaded', 'settled', 'gave-up']),
  atMs: z.number(),
});

export const HistoryLine = z.union([Invoke, Outcome, FaultLine, BlockLine]);
export type Invoke = z.infer<typeof Invoke>;
export type Outcome = z.infer<typeof Outcome>;
export type FaultLine = z.infer<typeof FaultLine>;
export type BlockLine = z.infer<typeof BlockLine>;
export type HistoryLine = z.infer<typeof HistoryLine>;
