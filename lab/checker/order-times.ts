import type { Evidence } from './evidence.js';
import { readings, type Reading } from './invariants/staleness.js';
import { groupBy } from './groups.js';
import type { Asked, Story } from './story.js';

const FINAL = new Set(['shipped', 'payment_declined', 'cancelled']);

/** Both clocks of one order, in milliseconds from the time at which it was intended. */
export interface OrderTimes {
  /** By the clock of the host; before the `load` line of its block it was a warm-up. */
  intendedMs: number;
  outcome: 'ok' | 'fail' | 'info';
  /** Until the answer that decided; until the last sign of an order that nobody answered. Null: no answer came at all. */
  ackMs: number | null;
  /** Until the last of all its effects; null when one is missing or the order has come to no end. */
  effectsMs: number | null;
  /** It has come to its end with every effect exactly once. */
  exactlyOnce: boolean;
  /** From the acknowledgement to the last reading that was stale; 0 when none was; null when nobody read. */
  staleMs: number | null;
  status?: string;
}

export function orderTimes(evidence: Evidence): Map<string, OrderTimes> {
  const byOrder = groupBy(readings(evidence), ({ orderId }) => orderId);
  return new Map(
    [...evidence.places].map(([id, asked]): [string, OrderTimes] => [
      id,
      timesOf(evidence, evidence.stories.get(id)!, asked, byOrder.get(id)),
    ]),
  );
}

function timesOf({ callsInRequest }: Evidence, story: Story, asked: Asked, reads?: Reading[]): OrderTimes {
  const intendedMs = asked.invokes[0]?.intendedMs ?? asked.outcomes[0]!.doneMs;
  const decided = asked.outcomes.find(({ type }) => type === 'ok') ?? asked.outcomes.at(-1);
  const ackMs = decided ? decided.doneMs - intendedMs : null;
  const done = allDoneAt(story);
  // Rows of one transaction are dated when they are written and seen when it commits: with the answer.
  const seen = callsInRequest && asked.told === 'ok' ? Math.max(done ?? 0, decided!.doneMs) : done;
  return {
    intendedMs,
    outcome: asked.told,
    ackMs,
    effectsMs: done === null || seen === null ? null : seen - intendedMs,
    exactlyOnce: done !== null && [...story.seen.values()].every((times) => times.length === 1),
    staleMs: reads ? Math.max(0, ...reads.filter(({ stale }) => stale).map(({ afterMs }) => afterMs)) : null,
    status: story.row?.status,
  };
}

/** When the last effect came, by the clock of the database; null while one is missing. */
function allDoneAt({ row, expected, seen }: Story): number | null {
  if (!row || !FINAL.has(row.status)) return null;
  let last = row.placedAtMs;
  for (const { effect } of expected) {
    const first = seen.get(effect)?.[0];
    if (first === undefined) return null;
    last = Math.max(last, first);
  }
  return last;
}
