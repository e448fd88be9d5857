import { COLUMNS, type Column, type Finding } from './finding.js';
import { judgeDeeds, type ExcusedDeed } from './judge-deeds.js';
import { judgeOrders } from './judge-orders.js';
import { judgeTopics } from './judge-topics.js';
import { judgeUsers } from './judge-users.js';
import type { Observations } from './observations.js';

export interface Verdict {
  findings: Finding[];
  counts: Record<Column, number>;
  /** Second mails and repeated calls that delivery cannot prevent, each with the fault that has caused it. */
  excused: ExcusedDeed[];
  /** Records that stand in a topic once more: allowed, because inboxes skip them. */
  repeatedRecords: number;
  judged: { users: number; orders: number; mails: number; records: number };
}

/**
 * Compares what clients were told with what was kept, what the outside world was asked for and what the topics hold.
 * Knows the shop's rules by itself and shares nothing with its code. Expects a shop that is settled and that has
 * announced from its first order on.
 */
export function judge(seen: Observations): Verdict {
  const deeds = judgeDeeds(seen);
  const topics = judgeTopics(seen);
  const findings = [...judgeUsers(seen), ...judgeOrders(seen), ...deeds.findings, ...topics.findings, ...parked(seen)];
  const count = (column: Column) => findings.filter((finding) => finding.column === column).length;
  return {
    findings,
    counts: Object.fromEntries(COLUMNS.map((column) => [column, count(column)])) as Record<Column, number>,
    excused: deeds.excused,
    repeatedRecords: topics.repeated,
    judged: {
      users: seen.kept.users.length,
      orders: seen.kept.orders.length,
      mails: seen.ledger.filter(({ kind }) => kind === 'mail').length,
      records: seen.records.length,
    },
  };
}

/** What waits for a person must have been poisoned, or stand behind what was; and what was poisoned must wait. */
function parked({ parked: rows, poisoned }: Observations): Finding[] {
  const lane = ({ subscriber, topic, key }: (typeof rows)[number]) => `${subscriber} ${topic} ${key}`;
  const excused = new Set(rows.filter(({ eventId }) => poisoned.includes(eventId)).map(lane));
  const passed = poisoned.filter((id) => !rows.some(({ eventId }) => eventId === id));
  const lost = passed.map((id): Finding => ({
    column: 'lost',
    subject: id,
    what: 'An unreadable record was dropped.',
  }));
  const stray = rows
    .filter((row) => !excused.has(lane(row)))
    .map((row): Finding => ({
      column: 'parked',
      subject: row.key,
      what: `${row.subscriber} has parked ${row.eventId} of ${row.topic}: ${row.error || 'it stands behind another'}.`,
    }));
  return [...lost, ...stray];
}
