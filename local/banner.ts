import { randomUUID } from 'node:crypto';
import type { CommMode } from '../src/config.js';
import type { RunFile } from './run-file.js';

const WIDTH = 80;

const HOW: Record<CommMode, string> = {
  sync: 'modules call each other, one transaction',
  async: 'outbox, Kafka, inbox',
  'async-local': 'outbox and inbox, no broker',
  'sync-after-commit': 'modules call each other after the commit',
  'async-dual-write': 'Kafka without an outbox: loses events',
};

/** What a person sees when everything is up: the mode, what is where, and three lines to try. */
export function banner(run: RunFile, home: string): string {
  const { rest, docs, mailbox } = run.urls;
  const rows: [string, string | undefined][] = [
    ['REST', rest],
    ['docs', docs],
    ['mailbox', mailbox],
    ['mail', mailbox ? undefined : hidePassword(run.smtpUrl)],
    ['broker', run.kafkaBrokers ?? 'none in this mode'],
    ['database', hidePassword(run.databaseUrl)],
    ['data', home],
  ];
  const lines = [
    '',
    '─'.repeat(WIDTH),
    ` COMM_MODE=${run.mode}: ${HOW[run.mode as CommMode]}`,
    '',
    ...rows.flatMap(([name, where]) => (where ? [` ${name.padEnd(9)} ${where}`] : [])),
    '',
    ...tryIt(rest),
    '',
    ' Ctrl-C stops all of it; the data stays until npm run reset.',
    '─'.repeat(WIDTH),
    '',
  ];
  return lines.map(shorten).join('\n');
}

/** A user, an order, its timeline. Ids and the address are new each time, so that they work on kept data too. */
function tryIt(rest: string): string[] {
  const order = randomUUID();
  const at = rest.replace('http://', '');
  const json = '-H content-type:application/json';
  return [
    `USER_ID=$(curl -s ${at}/users ${json} \\`,
    `  -d '{"email":"ada-${order.slice(0, 8)}@example.org","name":"Ada"}' \\`,
    `  | node -pe 'JSON.parse(fs.readFileSync(0)).id')`,
    `curl -s ${at}/orders ${json} \\`,
    `  -H 'Prefer: wait=5' -d '{"id":"${order}",'\\`,
    `'"userId":"'$USER_ID'","currency":"EUR",'\\`,
    `'"lines":[{"sku":"tea","quantity":2,"unitPrice":450}]}'; echo`,
    `curl -s ${at}/orders/${order}/timeline \\`,
    `  | node -pe 'JSON.parse(fs.readFileSync(0))'`,
  ];
}

/** Command lines must stay whole to work; they are short enough by themselves. */
const shorten = (line: string) => (line.length > WIDTH && line.startsWith(' ') ? `${line.slice(0, WIDTH - 1)}…` : line);

export function hidePassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password) parsed.password = '***';
    return parsed.href;
  } catch {
    return url;
  }
}
