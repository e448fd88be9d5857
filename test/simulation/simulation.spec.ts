import { Logger } from '@nestjs/common';
import type { Column } from '../chaos/finding.js';
import { judge, type Verdict } from '../chaos/judge.js';
import type * as VirtualTimers from '../support/virtual-timers.js';
import { NAIVE, type Naivety } from './naive.js';
import { Simulation, type Plan } from './simulation.js';

jest.mock('../../src/messaging/relay/leadership.js', (): unknown => jest.requireActual('./virtual-leadership.js'));
jest.mock('node:timers/promises', () => {
  const { pause } = jest.requireActual<typeof VirtualTimers>('../support/virtual-timers.js');
  return { setTimeout: pause };
});
// Traces are not judged here, and following them takes time from each schedule.
jest.mock('../../src/messaging/message-context.js', () => ({
  runInContext: <T>(_: unknown, work: () => T): T => work(),
  traceparentOf: () => '',
}));

/** SIMULATION_SEED repeats one schedule; SIMULATION_SCHEDULES=10000 runs as many. */
const { SIMULATION_SEED, SIMULATION_SCHEDULES = '500' } = process.env;
const SCHEDULES = SIMULATION_SEED ? 1 : Number(SIMULATION_SCHEDULES);
const FIRST = Number(SIMULATION_SEED ?? 1);
/** A naive shop is caught by one of its first schedules. */
const MOST_FOR_NAIVE = 500;
/** One takes 10 ms on a machine of its own. */
jest.setTimeout(60_000 + 100 * SCHEDULES);

const anything = ({ findings }: Verdict): boolean => findings.length > 0;

/** The first schedule in which something is wrong, as a sentence with its seed. */
async function firstBad(plan: Omit<Plan, 'seed'>, first: number, schedules: number, bad = anything) {
  for (let seed = first; seed < first + schedules; seed++) {
    const verdict = judge(await new Simulation({ seed, ...plan }).run());
    if (bad(verdict)) return `SIMULATION_SEED=${seed} repeats ${JSON.stringify(verdict.findings, undefined, 1)}`;
  }
  return undefined;
}

describe('in virtual time', () => {
  beforeAll(() => void Logger.overrideLogger(false));

  it(`nothing is lost, twice or out of order in ${SCHEDULES} schedules of faults`, async () => {
    expect(await firstBad({}, FIRST, SCHEDULES)).toBeUndefined();
  });

  it('two relays that lead at once only repeat records', async () => {
    expect(await firstBad({ manyLeaders: true }, FIRST, Math.ceil(SCHEDULES / 10))).toBeUndefined();
  });

  it('the same seed goes the same way again', async () => {
    const history = () => new Simulation({ seed: FIRST }).run();
    expect(await history()).toEqual(await history());
  });

  it.each(Object.entries(NAIVE) as [Naivety, Column][])('a shop that %s is caught: %s', async (naive, column) => {
    expect(await firstBad({ naive }, 1, MOST_FOR_NAIVE, ({ counts }) => counts[column] > 0)).toBeDefined();
  });
});
