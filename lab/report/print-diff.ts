import Table from 'cli-table3';
import type { RunResult } from '../model/run-result.js';
import { diff, type Change } from './diff.js';
import { BARE, COLUMNS, wrapped } from './table.js';

const WIDTHS = [20, 17, 17, 15, 7];

function tableOf(changes: readonly Change[]): string {
  const table = new Table({
    head: ['metric', 'arm', 'before', 'after', ''],
    colWidths: WIDTHS,
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
  });
  for (const { metric, arm, before, after, kind } of changes) {
    const cells = [metric, arm, before, after].map((text, i) => wrapped(text, WIDTHS[i]! - 1).join('\n'));
    table.push([...cells, kind]);
  }
  return table.toString();
}

/** What changed between two runs, as text of at most 80 columns. */
export function diffText(a: RunResult, b: RunResult): string {
  const { changes, outcomes, unlike } = diff(a, b);
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind);
  const changed = [...of('worse'), ...of('better')];
  const unknown = of('unknown').map(({ metric, arm }) => `${metric} of ${arm}`);
  return [
    ...(unlike.length > 0 ? ['The runs are not alike:', ...unlike.map((line) => `  ${line}`), ''] : []),
    changed.length > 0 ? tableOf(changed) : 'Nothing changed beyond the intervals of both runs.',
    '',
    `${of('same').length} of ${changes.length} cells are the same within the intervals of both.`,
    ...(unknown.length > 0 ? [`Cannot tell, with a single block: ${unknown.join(', ')}.`] : []),
    ...(outcomes.length > 0 ? ['Other outcomes than before:', ...outcomes.map((line) => `  ${line}`)] : []),
  ]
    .flatMap((part) => (part.includes('│') ? part : part.split('\n').flatMap((line) => wrappedKeepingIndent(line))))
    .join('\n');
}

const wrappedKeepingIndent = (line: string): string[] => {
  const indent = /^ */.exec(line)![0];
  return wrapped(line, COLUMNS - indent.length).map((part) => indent + part);
};

export function printDiff(a: RunResult, b: RunResult, out: NodeJS.WritableStream = process.stdout): void {
  out.write(`${diffText(a, b)}\n`);
}
