import { Problem } from '../../local/problem.js';

/** The reader's own numbers. */
export interface Mine {
  /** Orders per second. */
  rate: number;
  /** What a call to billing takes when all is well. */
  billingMs: number;
  /** Of the calls to billing the share that is answered, 0 … 1. */
  availability: number;
  /** The longest outage of billing that has to be lived through. */
  outageS: number;
}

const EXAMPLE = 'rate=20,billing=300ms,availability=99.5%,outage=30m';
const IN_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_RATE = 1_000_000;
const MOST_MS = 30 * IN_MS.d!;

const wrong = (sentence: string) => new Problem('mine_unreadable', `${sentence}; write for example --mine ${EXAMPLE}.`);

function durationMs(name: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(number) * (IN_MS[unit ?? ''] ?? NaN);
  if (!(ms <= MOST_MS)) throw wrong(`${name}=${text} is no duration of up to 30d such as 300ms, 2s or 30m`);
  return ms;
}

function rateOf(text: string): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(rate > 0 && rate <= MOST_RATE)) throw wrong(`rate=${text} is no number of orders per second above 0`);
  return rate;
}

function shareOf(text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const share = Number(percent) / 100;
  if (!(share > 0 && share <= 1)) throw wrong(`availability=${text} is no percentage above 0% and up to 100%`);
  return share;
}

const READ = {
  rate: (text: string, mine: Partial<Mine>) => (mine.rate = rateOf(text)),
  billing: (text: string, mine: Partial<Mine>) => (mine.billingMs = durationMs('billing', text)),
  availability: (text: string, mine: Partial<Mine>) => (mine.availability = shareOf(text)),
  outage: (text: string, mine: Partial<Mine>) => (mine.outageS = durationMs('outage', text) / 1000),
};
type Name = keyof typeof READ;
const NAMES = Object.keys(READ) as Name[];

/** Reads `rate=20,billing=300ms,availability=99.5%,outage=30m`, in any order. @throws Problem `mine_unreadable` */
export function readMine(text: string): Mine {
  const mine: Partial<Mine> = {};
  const seen = new Set<Name>();
  for (const part of text.split(',')) {
    const [name = '', value] = part.split('=').map((word) => word.trim());
    if (!NAMES.includes(name as Name) || value === undefined)
      throw wrong(`"${part.trim()}" is none of ${NAMES.join(', ')}`);
    if (seen.has(name as Name)) throw wrong(`${name} is given twice`);
    seen.add(name as Name);
    READ[name as Name](value, mine);
  }
  const missing = NAMES.filter((name) => !seen.has(name));
  if (missing.length > 0) throw wrong(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`);
  return mine as Mine;
}
