import type { Finding } from './finding.js';
import { groupBy } from './groups.js';
import type { Deed, Fault, Observations } from './observations.js';

/** A deed that was asked for once more, and the fault that explains it. */
export interface ExcusedDeed {
  key: string;
  kind: Deed['kind'];
  at: number;
  fault: number;
}

/** A handler that was caught by a fault may have waited this long for its commit: the pool's wait. */
const COMMIT_MS = 5000;
/** Who asks the outside world for it. */
const SUBSCRIBER_OF: Record<Deed['kind'], string> = {
  charge: 'billing',
  refund: 'billing',
  booking: 'shipping',
  unbooking: 'shipping',
  mail: 'notifications',
};
/** From looking for the mark to the deed: whoever acts later than this has not looked, or has not heeded it. */
const LOOKED_MS = 1000;

/**
 * A delivery that was handled once more shows in the outside world: a second mail, or a call under the same key again.
 * Neither can be prevented when a process dies, or two owners overlap, between the deed and the commit; and only then
 * may there be one. One fault explains no more of them than the lanes that it has caught, unless it strikes at any attempt.
 */
export function judgeDeeds({ ledger, faults, lanes }: Observations): { findings: Finding[]; excused: ExcusedDeed[] } {
  const findings: Finding[] = [];
  const excused: ExcusedDeed[] = [];
  const used = new Map<string, number>();
  const usedBy = (fault: Fault, { kind }: Deed) => used.get(`${fault.id} ${kind}`) ?? 0;
  /** Of those that could have caused it the one that began nearest to the deed. */
  const explain = (first: Deed, again: Deed): Fault | undefined =>
    faults
      .filter((fault) => explains(fault, first, again) && (fault.atAnyAttempt || usedBy(fault, again) < lanes))
      .sort((a, b) => Math.abs(a.from - first.at) - Math.abs(b.from - first.at))[0];
  for (const [key, deeds] of groupBy(ledger, ({ kind, key: name }) => `${kind} ${name}`)) {
    const inTime = [...deeds].sort((a, b) => a.at - b.at);
    for (const [index, again] of inTime.entries()) {
      const before = inTime[index - 1];
      if (!before) continue;
      const fault = explain(before, again);
      if (fault) {
        used.set(`${fault.id} ${again.kind}`, usedBy(fault, again) + 1);
        excused.push({ key: again.key, kind: again.kind, at: again.at, fault: fault.id });
      } else if (again.kind === 'mail' || again.repeat)
        findings.push({
          column: 'twice',
          subject: again.orderId ?? again.key.slice(again.key.indexOf('.') + 1),
          what: `The ${key} was handled once more and no fault explains it.`,
        });
    }
  }
  return { findings, excused };
}

function explains(fault: Fault, first: Deed, again: Deed): boolean {
  const { from, until, repeatsForMs, subscribers, twoOwners } = fault;
  if (repeatsForMs === undefined) return false;
  if (subscribers && !subscribers.includes(SUBSCRIBER_OF[again.kind])) return false;
  if (!twoOwners && again.writtenAt !== undefined && again.at > again.writtenAt + LOOKED_MS) return false;
  return first.at >= from - COMMIT_MS && first.at <= until + repeatsForMs && again.at >= from;
}
