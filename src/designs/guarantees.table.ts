import { COMM_MODES } from '../config.js';
import { guarantees, MODULES, type Guarantees } from './guarantees.js';

const PROMISES: Record<keyof Guarantees, string> = {
  orderSurvivesDownModule: 'an order sent while a module is down gets all its effects later',
  effectsVisibleOnReturn: 'when the answer comes, every effect has happened',
  effectsSurviveKill: 'an acknowledged order gets all its effects, whenever the process is killed',
  declinedCard: 'a declined card',
  chargeWithoutOrder: 'a charge can stand for an order that was not kept',
  mailWithoutOrder: 'a mail can be sent for an order that was not kept',
  orderKeptPerKey: 'the events of one order arrive in the order they happened',
  needsBroker: 'needs a broker',
  newSubscriberTouchesPublisher: 'a new hearer needs a change on the publisher’s side',
  keepsHistory: 'events stay readable after their delivery',
  replayIsHarmless: 'reading delivered events again changes nothing',
  cancelRacingPaymentIsRefunded: 'a payment that races with a cancellation is given back',
  acknowledgedDuringOutageOf: 'orders are acknowledged while these are down',
};

const OUTCOMES = { refused: 'refuses the order', later: 'is told later' } as const;

function inWords(promise: Guarantees[keyof Guarantees]): string {
  if (typeof promise === 'boolean') return promise ? 'yes' : 'no';
  if (typeof promise === 'string') return OUTCOMES[promise];
  const others = promise.filter((neighbour) => !MODULES.includes(neighbour));
  return [...(promise.length - others.length === MODULES.length ? ['any module', ...others] : promise)].join(', ');
}

/** The guarantees record as a Markdown table, in the form in which prettier leaves it. */
export function guaranteesTable(): string {
  const names = Object.keys(PROMISES) as (keyof Guarantees)[];
  const rows = [
    ['at default settings', ...COMM_MODES.map((mode) => `\`${mode}\``)],
    ...names.map((name) => [PROMISES[name], ...COMM_MODES.map((mode) => inWords(guarantees[mode][name]))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

const PLACE = /<!-- guarantees -->\n([^]*?)<!-- \/guarantees -->/;

/** What is wrong with the table in a text, as a sentence; undefined when it is that of the record. */
export function staleTable(text: string): string | undefined {
  const [, found] = PLACE.exec(text) ?? [];
  if (found === undefined) return 'README.md has no lines <!-- guarantees --> and <!-- /guarantees -->: add them.';
  if (found.trim() === guaranteesTable()) return undefined;
  return 'The table of guarantees in README.md is not that of src/designs/guarantees.ts: paste what npm run guarantees prints.';
}
