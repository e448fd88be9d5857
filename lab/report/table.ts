import Table from 'cli-table3';
import type { ArmName } from '../model/arm.js';
import type { HeadlineRow, RunResult, ScenarioResult } from '../model/run-result.js';
import { eventsArm } from './arm-numbers.js';
import { headline } from './headline.js';
import { factor, factorWithin } from './numbers.js';
import type { Ground } from './row-verdict.js';

export const COLUMNS = 80;
/** The three arms of the table: the best that sync can be, events without a broker, and the target. */
export const SHOWN: readonly ArmName[] = ['sync-hardened', 'async-local', 'async'];

const WIDTHS = [17, 14, 14, 14, 17];
/** Lines between the rows only where they tell something: one below the head. */
export const BARE = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '',
  'bottom-right': '', left: '', right: '', mid: '─', 'mid-mid': '┼', 'left-mid': '', 'right-mid': '', middle: '│',
}; // prettier-ignore

/** Breaks a text at blanks so that no line is longer than `width`; a longer word is cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else for (let from = 0; from < word.length; from += width) lines.push(word.slice(from, from + width));
  }
  return lines.length > 0 ? lines : [''];
}

/** "0 of 120" and its bound are one thing each: the break belongs between them. */
function cell(row: HeadlineRow, arm: ArmName, run: RunResult): string {
  const known = row.cells[arm];
  if (known !== undefined) {
    const [found = '', bound] = known.split(/(?= \(≤)/);
    return [...wrapped(found, WIDTHS[1]! - 1), ...(bound === undefined ? [] : [bound.trim()])].join('\n');
  }
  const because = run.arms.find(({ name }) => name === arm)?.because;
  return because ? `not run:\n${wrapped(because, WIDTHS[1]! - 1).join('\n')}` : 'not run';
}

function verdict({ verdict, comparison }: HeadlineRow): string {
  const lines = wrapped(verdict, WIDTHS[4]! - 1);
  if (comparison && comparison.pairs > 1) lines.push(...wrapped(factorWithin(comparison), WIDTHS[4]! - 1));
  else if (comparison) lines.push(`${factor(comparison.ratio)}, one pair`);
  return lines.join('\n');
}

function rows(run: RunResult): string {
  const table = new Table({
    head: ['metric', ...SHOWN, 'verdict'],
    colWidths: WIDTHS,
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
  });
  for (const row of run.headline) {
    const name = wrapped(row.metric, WIDTHS[0]! - 1).join('\n');
    table.push([name, ...SHOWN.map((arm) => cell(row, arm, run)), verdict(row)]);
  }
  return table.toString();
}

const paragraph = (text: string) => wrapped(text, COLUMNS - 1).join('\n');

function floorLine({ floor }: RunResult): string {
  const shown = (['ackP95Ms', 'effectsP95Ms', 'cpuMsPerOrder'] as const).flatMap((metric) => {
    const names = { ackP95Ms: 'acknowledged p95', effectsP95Ms: 'all effects p95', cpuMsPerOrder: 'CPU' };
    const noise = floor[metric];
    return noise ? [`${names[metric]} ${factor(noise.high)}`] : [];
  });
  if (shown.length === 0) return 'Noise floor: not measured (no A/A block), so small differences may be chance.';
  const pairs = Math.max(...Object.values(floor).map((noise) => noise.pairs));
  return `Noise floor, one design against itself in ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}: ${shown.join(', ')}. A difference inside it is printed as no measurable difference.`;
}

function healthLines(run: RunResult): string[] {
  const invalid = run.blocks.filter(({ valid }) => !valid).map(({ id }) => id);
  const surprises = run.scenarios.flatMap(({ id, predictions }) =>
    predictions.flatMap((p) => (p.outcome === 'as predicted' ? [] : [`${id} ${p.arm}: ${p.outcome}: ${p.observed}`])),
  );
  return [
    ...(run.complete ? [] : [`INCOMPLETE: ${run.incompleteBecause?.replace(/\.$/, '') ?? 'not all was run'}.`]),
    ...surprises,
    ...(invalid.length > 0 ? [`Not valid, and left out: ${invalid.join(', ')}.`] : []),
    ...run.caveats,
  ];
}

/** The table of a run, its sentence about Kafka, the noise floor and what limits it; no line has more than 80 columns. */
export function tableOf(run: RunResult): string {
  const rough = run.tier === 'quick' ? ' Intervals of so few pairs are rough.' : '';
  return [
    rows(run),
    '',
    paragraph(run.kafkaSentence),
    paragraph(`ratio = ${eventsArm(run)} / sync-hardened with its 95 % interval over pairs of blocks.${rough}`),
    paragraph(floorLine(run)),
    ...healthLines(run).map(paragraph),
    paragraph(`Predictions: ${run.verdict}. Seed ${run.seed}, commit ${run.commit}. Repeat it: ${run.command}`),
  ].join('\n');
}

export function printTable(run: RunResult, out: NodeJS.WritableStream = process.stdout): void {
  out.write(`${tableOf(run)}\n`);
}

const indented = (text: string) => wrapped(text, COLUMNS - 6).map((line) => `     ${line}`);

/** What a scenario has shown, as soon as it ends: its outcome, and its rows of the table where it has any. */
export function rowAsItEnds(scenario: ScenarioResult, run: Ground): string {
  const { id, title, tookS, budgetS, predictions } = scenario;
  const odd = predictions.filter(({ outcome }) => outcome !== 'as predicted');
  const outcome = odd.length === 0 ? 'as predicted' : odd.map(({ arm, outcome }) => `${arm}: ${outcome}`).join(', ');
  const first = `${id} ${title} (${Math.round(tookS)} of ${Math.round(budgetS)} s): ${outcome}`;
  const own = headline(run).filter((row) => row.scenario === id);
  const seen = own.map((row) => {
    const cells = SHOWN.flatMap((arm) => (row.cells[arm] === undefined ? [] : [`${arm} ${row.cells[arm]}`]));
    return `${row.metric}: ${cells.join(' · ') || 'not measured'}`;
  });
  return [...wrapped(first, COLUMNS - 1), ...seen.flatMap(indented)].join('\n');
}
