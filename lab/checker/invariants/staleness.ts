import type { Evidence } from '../evidence.js';
import type { Judgement, Violation } from '../judgement.js';

const RANK = ['placed', 'confirmed', 'shipped'];

/** One reading of an order that its client knew to be kept. */
export interface Reading {
  orderId: string;
  /** From the acknowledgement to the sending of the question. */
  afterMs: number;
  /** The answer was behind what the order has come to, or did not know the order. */
  stale: boolean;
  /** What was answered. */
  said: string;
}

/** Every reading that was sent after the order was acknowledged; between two states of a cancelled order none counts. */
export function readings({ places, cancels, reads, stories }: Evidence): Reading[] {
  const found: Reading[] = [];
  for (const [id, { invokes, outcomes }] of reads) {
    const acknowledged = places.get(id)?.outcomes.find(({ type }) => type === 'ok');
    const final = stories.get(id)?.row?.status;
    if (!acknowledged || !final || cancels.has(id)) continue;
    for (const { seq, sentMs } of invokes) {
      const answer = outcomes.find((outcome) => outcome.seq === seq);
      if (!answer || answer.type === 'info' || sentMs < acknowledged.doneMs) continue;
      const said = answer.type === 'ok' ? (answer.value ?? 'nothing') : (answer.code ?? 'not found');
      const stale = said !== final && (RANK.indexOf(said) < RANK.indexOf(final) || final === 'payment_declined');
      found.push({ orderId: id, afterMs: sentMs - acknowledged.doneMs, stale, said });
    }
  }
  return found;
}

/** I10: who reads what was just acknowledged finds it done. Asserted where all effects are in the request, else shown. */
export function staleness(evidence: Evidence): Judgement {
  const all = readings(evidence);
  const stale = all.filter(({ stale: is }) => is);
  const violations: Violation[] = (evidence.callsInRequest ? stale : []).map(({ orderId, afterMs, said }) => ({
    orderId,
    effect: 'the order that was read',
    culprit: `${said} ${Math.round(afterMs)} ms after the acknowledgement`,
  }));
  const passed =
    all.length === 0 ? 'Nothing was read back in this block.' : `${stale.length} of ${all.length} readings were stale.`;
  return { of: all.length, violations, passed };
}
