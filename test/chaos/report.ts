import type { Column } from './finding.js';
import { groupBy } from './groups.js';
import type { Outcome } from './run.js';
import { FAULT_KINDS } from './schedule.js';
import type { FaultOutcome } from './storm.js';

/** One row: what the faults of a kind have done to the orders that met them. */
export interface Row {
  kind: string;
  faults: number;
  /** Faults that have met something: a process that ran, a connection that was open, a failpoint that was reached. */
  met: number;
  lost: number;
  twice: number;
  outOfOrder: number;
  ghost: number;
  parked: number;
  /** Mails that delivery cannot prevent from being sent again. */
  secondMails: number;
  /** Calls that were made again under the same key, and had the first answer again. */
  repeatedCalls: number;
  recovery: { median: number; longest: number } | undefined;
}

/** An order meets a fault when it was placed so long before it, or so long after its heal. */
const BEFORE_MS = 5000;
const AFTER_MS = 10_000;

/** A row for each kind of fault that was done, and one for findings that no fault was near to. */
export function rows(outcome: Outcome): Row[] {
  const { faults, verdict, seen } = outcome;
  const placedAt = new Map([...seen.orders, ...seen.users].map(({ id, at }) => [id, at]));
  const nearest = (subject: string) => faultNear(faults, placedAt.get(subject));
  const found = groupBy(verdict.findings, ({ subject }) => nearest(subject)?.kind ?? 'none near');
  const kindOf = new Map(faults.map(({ id, kind }) => [id, kind]));
  const excused = groupBy(verdict.excused, ({ fault }) => kindOf.get(fault) ?? '');
  const done = groupBy(faults, ({ kind }) => kind);
  return [...FAULT_KINDS, 'none near'].flatMap((kind) => {
    const own = done.get(kind) ?? [];
    const findings = found.get(kind) ?? [];
    if (own.length === 0 && findings.length === 0) return [];
    const count = (column: Column) => findings.filter((finding) => finding.column === column).length;
    const again = excused.get(kind) ?? [];
    const secondMails = again.filter((deed) => deed.kind === 'mail').length;
    return {
      kind,
      faults: own.length,
      met: own.filter(({ evidence }) => evidence).length,
      lost: count('lost'),
      twice: count('twice'),
      outOfOrder: count('outOfOrder'),
      ghost: count('ghost'),
      parked: count('parked'),
      secondMails,
      repeatedCalls: again.length - secondMails,
      recovery: recoveryOf(own),
    };
  });
}

function faultNear(faults: FaultOutcome[], at: number | undefined): FaultOutcome | undefined {
  if (at === undefined) return undefined;
  const near = faults.filter(({ from, until }) => at >= from - BEFORE_MS && at <= until + AFTER_MS);
  return near.sort((a, b) => Math.abs(a.from - at) - Math.abs(b.from - at))[0];
}

function recoveryOf(faults: FaultOutcome[]): Row['recovery'] {
  const times = faults.flatMap(({ recoveryMs }) => recoveryMs ?? []).sort((a, b) => a - b);
  return times.length > 0 ? { median: times[times.length >> 1]!, longest: times.at(-1)! } : undefined;
}

const NUMBERS = {
  done: (row: Row) => row.faults,
  met: (row: Row) => row.met,
  lost: (row: Row) => row.lost,
  twice: (row: Row) => row.twice,
  'out of order': (row: Row) => row.outOfOrder,
  ghost: (row: Row) => row.ghost,
  parked: (row: Row) => row.parked,
  'second mails': (row: Row) => row.secondMails,
  'repeated calls': (row: Row) => row.repeatedCalls,
};
const HEAD = ['fault', ...Object.keys(NUMBERS), 'recovery s (max)'];

/** The table as cells, the last line being the sum. */
export function table(outcome: Outcome): string[][] {
  const all = rows(outcome);
  const lines = all.map((row) => line(row.kind, (of) => of(row), row.recovery));
  const sum = line('all', (of) => all.reduce((total, row) => total + of(row), 0), recoveryOf(outcome.faults));
  return [HEAD, ...lines, sum];
}

function line(kind: string, value: (of: (row: Row) => number) => number, recovery: Row['recovery']): string[] {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const times = recovery ? `${seconds(recovery.median)} (${seconds(recovery.longest)})` : '–';
  return [kind, ...Object.values(NUMBERS).map((of) => String(value(of))), times];
}

/** For a terminal: columns of the same width. */
export function plainTable(outcome: Outcome): string {
  const lines = table(outcome);
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!);
  return lines.map((cells) => cells.map(pad).join('  ')).join('\n');
}

/** What was seen, in sentences. */
export function sentences({ verdict, seen, stuck, crashes, settings }: Outcome): string[] {
  const { users, orders, mails, records } = verdict.judged;
  const told = seen.orders.filter((answer) => answer.told === 'acknowledged').length;
  const unknown = seen.orders.filter((answer) => answer.told === 'unknown').length;
  const secondMails = verdict.excused.filter(({ kind }) => kind === 'mail').length;
  return [
    `${told} orders were acknowledged and ${unknown} stayed unanswered; ${orders} are kept, of ${users} users.`,
    `${records} records stand in the topics, ${verdict.repeatedRecords} of them repeats; ${mails} mails were sent.`,
    `${secondMails} second mails and ${verdict.excused.length - secondMails} repeated calls, each matched with the fault between the deed and its commit.`,
    ...(seen.poisoned.length > 0 ? [`${seen.poisoned.length} unreadable records wait for a person.`] : []),
    ...(crashes > 0 ? [`Processes ended by themselves ${crashes} times.`] : []),
    ...stuck,
    ...verdict.findings
      .slice(0, settings.mode === 'async' ? 20 : 3)
      .map(({ column, subject, what }) => `${column} ${subject}: ${what}`),
  ];
}
