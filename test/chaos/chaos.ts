import fs from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Problem } from '../../local/problem.js';
import { Progress } from '../../local/progress.js';
import { stopRequests } from '../../local/stop-requests.js';
import { record } from './record.js';
import { plainTable, sentences } from './report.js';
import { run, type Outcome } from './run.js';
import type { ChaosMode } from './storm.js';

const RATE = 5;

interface Options {
  faults: number;
  seed: number;
  brokers: number;
  mode: ChaosMode;
  rate: number;
  record?: string;
  history?: string;
}

const whole = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  return number;
};

const oneOf =
  <T>(...allowed: T[]) =>
  (text: string): T => {
    const found = allowed.find((value) => String(value) === text);
    if (found === undefined) throw new InvalidArgumentError(`Write ${allowed.join(' or ')}.`);
    return found;
  };

function readOptions(): Options {
  return new Command('npm run chaos --')
    .showSuggestionAfterError(false)
    .description(
      'Breaks a shop of its own again and again, and judges what it has kept. Exits 1 when anything is amiss.',
    )
    .option('--faults <number>', 'how many', whole(1, 10_000), 200)
    .option('--seed <number>', 'the same one draws the same faults', whole(0, 2 ** 32 - 1), Date.now() % 1_000_000)
    .option('--brokers <number>', '1, or 3 with three replicas', oneOf(1, 3), 1)
    .option('--mode <mode>', 'async, or async-dual-write, which must lose', oneOf('async', 'async-dual-write'), 'async')
    .option('--rate <number>', 'orders per second', whole(1, 1000), RATE)
    .option('--record <file>', 'writes the table into a page, beside those of other runs')
    .option('--history <file>', 'writes all that was seen, as JSON')
    .parse()
    .opts<Options>();
}

/** Before the run, not after it. */
function refuseUnwritable({ record: page, history }: Options): void {
  for (const file of [page, history])
    try {
      if (file) fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    } catch (error) {
      throw new Problem('unwritable', `${file} cannot be written: ${(error as Error).message}`);
    }
}

async function main(): Promise<number> {
  const options = readOptions();
  const { faults, seed, brokers, mode, rate } = options;
  const stopping = new AbortController();
  const requests = stopRequests();
  void requests.first.then(() => stopping.abort());
  const progress = new Progress();
  const settings = { seed, faults, brokers, mode, ordersPerSecond: rate };
  try {
    refuseUnwritable(options);
    const outcome = await progress.during(`Chaos with seed ${seed}`, (say) => run(settings, say, stopping.signal));
    progress.end();
    return conclude(outcome, options);
  } catch (error) {
    progress.end();
    if (stopping.signal.aborted) {
      console.error('Stopped; nothing is left running.');
      return 130;
    }
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
    return 1;
  }
}

function conclude(outcome: Outcome, options: Options): number {
  const { settings, verdict, stuck, folder } = outcome;
  console.log(plainTable(outcome));
  for (const sentence of sentences(outcome)) console.log(sentence);
  const command = commandOf(outcome);
  if (options.record) record(options.record, outcome, command);
  if (options.history) fs.writeFileSync(options.history, JSON.stringify(outcome, undefined, 1));
  if (settings.mode === 'async-dual-write') {
    const bitten = verdict.counts.lost > 0;
    console.log(
      bitten ? 'The control has lost, as it must.' : 'The control has lost nothing: the faults did not bite.',
    );
    return bitten ? 0 : 1;
  }
  if (verdict.findings.length === 0 && stuck.length === 0) return 0;
  console.log(`Run the same faults again with ${command}; logs and data are in ${folder}.`);
  return 1;
}

function commandOf({ settings: { faults, seed, brokers, mode, ordersPerSecond } }: Outcome): string {
  const others = `${mode === 'async' ? '' : ` --mode ${mode}`}${ordersPerSecond === RATE ? '' : ` --rate ${ordersPerSecond}`}`;
  return `npm run chaos -- --faults ${faults} --seed ${seed} --brokers ${brokers}${others}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
