import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../local/folders.js';
import type { RolePlan } from './fleet.js';
import { sentences, table } from './report.js';
import type { Outcome } from './run.js';

const PREAMBLE = `# Chaos

Written by \`npm run chaos -- … --record <file>\`: each run replaces what stands here of the same run.

*met*: the fault has met something that ran. *lost*, *twice*, *out of order*, *ghost*, *parked*: findings of the judge
about orders that were near to such a fault. *second mails* and *repeated calls* cannot be prevented, because the fault
came between the deed and its commit; each is matched with its fault, and a repeated call has the first answer again.
*recovery*: from the heal of all faults that overlapped until an order that was placed then was shipped, median and
longest.
`;

/** Writes a run into a page, in place of an earlier one of the same settings. */
export function record(file: string, outcome: Outcome, command: string): void {
  const old = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const others = old.split(/^(?=## )/m).slice(1);
  const fresh = section(outcome, command);
  const title = titleOf(fresh);
  const kept = others.some((one) => titleOf(one) === title)
    ? others.map((one) => (titleOf(one) === title ? fresh : one))
    : [...others, fresh];
  fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  fs.writeFileSync(file, [PREAMBLE, ...kept.map((one) => one.trimEnd() + '\n')].join('\n'));
}

const titleOf = (text: string): string => text.slice(0, text.indexOf('\n'));

function section(outcome: Outcome, command: string): string {
  const { settings, began, ended, processes } = outcome;
  const [head, ...body] = table(outcome) as [string[], ...string[][]];
  const cells = (columns: string[]) => `| ${columns.join(' | ')} |`;
  const brokers = settings.brokers === 1 ? '1 broker' : `${settings.brokers} brokers`;
  return [
    `## ${settings.faults} faults, ${brokers}, ${settings.mode}, seed ${settings.seed}`,
    '',
    `\`${command}\`, ${new Date(began).toISOString().slice(0, 10)}, ${Math.round((ended - began) / 60_000)} minutes,`,
    `commit ${commit()}, ${machine()}.`,
    '',
    cells(head),
    cells(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...body.map(cells),
    '',
    ...sentences(outcome).map((sentence) => `- ${sentence}`),
    `- Processes: ${processes.map(does).join(', ')}.`,
    '',
  ].join('\n');
}

const does = ({ name, roles, subscribers }: RolePlan): string =>
  `${name} (${subscribers?.join(' ') ?? roles?.replaceAll(',', ' ') ?? 'everything'})`;

function machine(): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus.length} × ${cpus[0]?.model.trim() ?? 'unknown processor'}, ${memory} GiB, ${os.type()}, Node ${process.versions.node}`;
}

/** The commit that was run, and the tree of its product code; changes that are not committed are named. */
function commit(): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: projectRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const dirty = git('status', '--porcelain', '--', 'src', 'migrations', 'local', 'test/chaos') !== '';
    const [head, src] = git('rev-parse', 'HEAD', 'HEAD:src').split('\n');
    return `${head!.slice(0, 10)} (src ${src!.slice(0, 10)})${dirty ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
