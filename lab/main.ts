import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { CommanderError } from 'commander';
import { projectRoot } from '../local/folders.js';
import { Problem } from '../local/problem.js';
import { Progress } from '../local/progress.js';
import { stopRequests } from '../local/stop-requests.js';
import { printDiff, printMine, printTable, readResult, rowAsItEnds, writeReport } from './report/index.js';
import { checkAgain, explainOrder } from './run/again.js';
import { type Mine, readMine } from './predictions/read-mine.js';
import { comparing } from './run/comparing.js';
import { lastResult } from './run/last-result.js';
import { type Options, readRequest } from './run/options.js';
import { RESULT_FILE, type Outcome } from './run/outcome.js';

const EXIT = { 'as predicted': 0, surprise: 1, unknown: 2 } as const;
const STOPPED = 130;

async function main(words: string[]): Promise<number> {
  const request = readRequest(words);
  if (request.what === 'run') return compare(request.options, ['npm run compare --', ...words].join(' '));
  if (request.what === 'explain') return show(explainOrder(request.orderId, request.folder));
  if (request.what === 'check') {
    const { lines, outcome } = checkAgain(request.folder);
    return show(lines) || EXIT[outcome];
  }
  printDiff(readResult(request.files[0]), readResult(request.files[1]));
  return 0;
}

function show(lines: readonly string[]): number {
  console.log(lines.join('\n'));
  return 0;
}

async function compare(options: Options, command: string): Promise<number> {
  const numbers = options.mine === undefined ? undefined : readMine(options.mine);
  // The reader's own numbers are computed, not run: they stand beside what was measured last.
  if (numbers && options.scenarios.length === 0) {
    printMine(numbers, lastResult());
    return 0;
  }
  const stopping = new AbortController();
  // Each customer who waits to ask again listens: more than ten of them are no leak.
  setMaxListeners(0, stopping.signal);
  const requests = stopRequests();
  void requests.first.then(() => stopping.abort());
  // Whoever presses Ctrl-C twice does not want to wait; the next run ends what is left.
  void requests.second.then(() => process.exit(STOPPED));
  const progress = new Progress();
  const onScenario = ({ result }: Outcome, index: number) =>
    progress.say(rowAsItEnds(result.scenarios[index]!, result));
  try {
    const outcome = await comparing({ options, command, progress, stopping: stopping.signal, onScenario });
    progress.end();
    return conclude(outcome, stopping.signal.aborted, numbers);
  } catch (error) {
    progress.end();
    if (!stopping.signal.aborted) throw error;
    console.error('Stopped before anything was measured; nothing is left running.');
    return STOPPED;
  }
}

function conclude(outcome: Outcome, stopped: boolean, numbers: Mine | undefined): number {
  const result = outcome.write();
  const { folder, options } = outcome;
  const { priceCoreHour: coreHour, priceBrokerMonth: brokerMonth } = options;
  const { page } = writeReport(result, path.resolve(projectRoot(), options.report), { coreHour, brokerMonth });
  printTable(result);
  if (numbers) printMine(numbers, result);
  console.log(`The page: ${path.relative('.', page)}`);
  console.log(`All of it: ${path.relative('.', path.join(folder, RESULT_FILE))}`);
  if (stopped) console.error(`Stopped: what was measured so far is kept, marked incomplete; nothing is left running.`);
  if (stopped) return STOPPED;
  // What was broken off has not answered all that was asked.
  return EXIT[result.verdict] || (outcome.brokenOff === undefined ? 0 : EXIT.unknown);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 1);
    console.error(error instanceof Problem ? error.message : error);
    process.exit(1);
  },
);
