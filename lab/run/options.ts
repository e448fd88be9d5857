import { Command, InvalidArgumentError } from 'commander';
import { ARM_NAMES, type ArmName } from '../model/arm.js';
import { SCENARIO_IDS } from '../scenarios/ids.js';

export const TIERS = ['quick', 'standard'] as const;
export type Tier = (typeof TIERS)[number];

export interface Options {
  /** Empty: all of the tier. */
  scenarios: string[];
  tier: Tier;
  rate: number;
  seed: number;
  billingLatencyMs?: number;
  arms?: ArmName[];
  kills?: number;
  priceCoreHour?: number;
  priceBrokerMonth?: number;
  mine?: string;
  report: string;
}

/** What `npm run compare` is to do. */
export type Request =
  | { what: 'run'; options: Options }
  | { what: 'check'; folder: string }
  | { what: 'diff'; files: [string, string] }
  | { what: 'explain'; orderId: string; folder: string };

const REPORT = 'report/index.html';
const RATE = 20;
/** A whole day of a rate that one machine does not reach is no comparison. */
const MOST_RATE = 1000;

const whole = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  return number;
};

const price = (text: string): number => {
  const number = Number(text);
  if (!(number >= 0) || number > 1_000_000) throw new InvalidArgumentError('Write an amount such as 0.05.');
  return number;
};

/** A duration such as 300ms or 2s, in milliseconds. */
export const duration = (text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  const ms = Number(number) * (unit === 's' ? 1000 : 1);
  if (!number || ms > 60_000) throw new InvalidArgumentError('Write a duration of at most 60s, such as 300ms or 2s.');
  return ms;
};

const armList = (text: string): ArmName[] => {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(ARM_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`${unknown || 'An empty name'} is no arm: use one of ${ARM_NAMES.join(', ')}.`);
  return [...new Set(names)] as ArmName[];
};

const tier = (text: string): Tier => {
  if (!(TIERS as readonly string[]).includes(text)) throw new InvalidArgumentError(`Write ${TIERS.join(' or ')}.`);
  return text as Tier;
};

const scenario = (text: string, before: string[]): string[] => {
  const id = SCENARIO_IDS.find((one) => one.toLowerCase() === text.toLowerCase());
  if (!id)
    throw new InvalidArgumentError(
      `${text} is no scenario: use one of ${SCENARIO_IDS.join(', ')}, or check, diff, explain.`,
    );
  return before.includes(id) ? before : [...before, id];
};

interface Given extends Omit<Options, 'scenarios' | 'billingLatencyMs'> {
  billingLatency?: number;
}

/** @throws CommanderError; commander has said then what is wrong, or has printed the help. */
export function readRequest(words: readonly string[]): Request {
  let request: Request | undefined;
  const program = new Command('npm run compare --')
    .description(
      'Runs the shop in each design under the same load and the same faults, and says who lost what, who was slow and what it cost.\n\nExits 0 when all came as predicted, 1 after a surprise, 2 when something stayed unknown.',
    )
    .exitOverride()
    .showHelpAfterError('(npm run compare -- --help shows what there is)')
    .argument(
      '[scenarios...]',
      `which to run: ${SCENARIO_IDS.join(', ')}; all of the tier when none is named`,
      scenario,
      [],
    )
    .option('--tier <tier>', 'quick: at most 8 minutes; standard: every scenario, about 30', tier, 'quick')
    .option('--rate <orders>', 'orders per second', whole(1, MOST_RATE), RATE)
    .option('--billing-latency <duration>', 'how slow the payment provider is in S2, such as 300ms', duration)
    .option(
      '--seed <number>',
      'the same one draws the same arrivals and the same order of blocks',
      whole(0, 2 ** 31 - 1),
      1,
    )
    .option('--arms <list>', `only these, by comma: ${ARM_NAMES.join(', ')}`, armList)
    .option('--kills <number>', 'how often S5 kills each arm', whole(1, 1000))
    .option('--price-core-hour <amount>', 'what an hour of a core costs you', price)
    .option('--price-broker-month <amount>', 'what a month of a broker costs you', price)
    .option(
      '--mine <numbers>',
      'only computes, beside the last run: rate=20,billing=300ms,availability=99.5%,outage=30m',
    )
    .option('--report <file>', 'where the page is written; the JSON beside it', REPORT)
    .action((scenarios: string[], given: Given) => {
      const { billingLatency, ...rest } = given;
      request = { what: 'run', options: { ...rest, scenarios, billingLatencyMs: billingLatency } };
    });
  program
    .command('check')
    .description('judges the folder of a run again, without anything that was running')
    .argument('<run>')
    .action((folder: string) => void (request = { what: 'check', folder }));
  program
    .command('diff')
    .description('what differs between two results')
    .argument('<a.json>')
    .argument('<b.json>')
    .action((a: string, b: string) => void (request = { what: 'diff', files: [a, b] }));
  program
    .command('explain')
    .description('the whole timeline of one order of a run')
    .argument('<order>')
    .argument('<run>')
    .action((orderId: string, folder: string) => void (request = { what: 'explain', orderId, folder }));
  program.parse(words, { from: 'user' });
  return request!;
}
