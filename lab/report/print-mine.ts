import { mine } from '../predictions/mine.js';
import type { Mine } from '../predictions/read-mine.js';
import type { RunResult } from '../model/run-result.js';
import { COLUMNS, wrapped } from './table.js';

const INDENT = '    ';
const indented = (text: string) => wrapped(text, COLUMNS - INDENT.length).map((line) => INDENT + line);

/** The answer to `--mine` as text of at most 80 columns; each formula stands beside what the run measured. */
export function mineText(numbers: Mine, run?: RunResult): string {
  const { lines, choice, rule, from } = mine(numbers, run);
  return [
    'PREDICTION for your numbers: formulas, not measurements.',
    ...wrapped(`They rest on ${from}.`, COLUMNS),
    '',
    ...lines.flatMap(({ what, predicted, measured }) => [
      what,
      ...indented(`predicted: ${predicted}`),
      ...(measured === undefined ? [] : indented(`measured: ${measured}`)),
    ]),
    '',
    ...wrapped(`Choose ${choice}: ${rule}`, COLUMNS),
  ].join('\n');
}

export function printMine(numbers: Mine, run?: RunResult, out: NodeJS.WritableStream = process.stdout): void {
  out.write(`${mineText(numbers, run)}\n`);
}
