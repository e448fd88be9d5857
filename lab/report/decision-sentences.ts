import type { ArmName } from '../model/arm.js';
import type { RunResult } from '../model/run-result.js';
import { armNumber, eventsArm, validBlocks, variantValues, type ArmNumber } from './arm-numbers.js';
import { duration, factor, percent, quantity, zeroOf } from './numbers.js';

export interface Decision {
  scenario: string;
  sentence: string;
}

/** Below this share an arm has begun to fail; one order in a thousand may be a stray reset. */
const FAILS_BELOW = 0.995;
const CALLS: ArmName = 'sync-hardened';

type Numbers = (arm: ArmName, metric: string, variantValue?: number) => ArmNumber | undefined;
const numbersOf =
  (run: RunResult, scenario: string): Numbers =>
  (arm, metric, variantValue) =>
    armNumber(run, { scenario, arm, variantValue }, metric);

const rateOf = (run: RunResult, scenario: string) => run.blocks.find((b) => b.scenario === scenario)?.plannedRate ?? 0;
const ms = (number: ArmNumber | undefined) => (number ? duration(number.value) : 'an unknown time');
const share = (number: ArmNumber | undefined) => (number ? percent(number.value) : 'an unknown share');

function slowModule(run: RunResult, events: ArmName): string | undefined {
  const of = numbersOf(run, 'S2');
  const delays = variantValues(run, 'S2').filter((delay) => of(CALLS, 'acceptedShare', delay));
  const last = delays.at(-1);
  if (last === undefined) return undefined;
  const rate = rateOf(run, 'S2');
  const failing = delays.find((delay) => of(CALLS, 'acceptedShare', delay)!.value < FAILS_BELOW);
  const at = failing ?? last;
  const held = delays.filter((delay) => delay < at).at(-1);
  const their = `${events} accepts ${share(of(events, 'acceptedShare', at))} and acknowledges after ${ms(of(events, 'ackP95Ms', at))}, but is done only after ${ms(of(events, 'effectsP95Ms', at))} (p95).`;
  if (failing === undefined)
    return `At ${rate} orders/s ${CALLS} accepted everything up to billing = ${duration(last)}, the slowest that was tried, and made its customers wait ${ms(of(CALLS, 'ackP95Ms', last))} (p95); ${their}`;
  const above = held === undefined ? 'already' : `above ${duration(held)}, at the latest`;
  return `If billing can be slow at ${rate} orders/s, ${CALLS} starts to fail here ${above} at ${duration(failing)}: it accepts ${share(of(CALLS, 'acceptedShare', failing))}; ${their}`;
}

function brokerDown(run: RunResult): string | undefined {
  const of = numbersOf(run, 'S6');
  const [block] = validBlocks(run, { scenario: 'S6', arm: 'async' });
  const fault = block?.faults[0];
  if (!fault || !of(CALLS, 'acceptedShare')) return undefined;
  return `If Kafka is down for ${duration((fault.toS - fault.fromS) * 1000)}, async accepts ${share(of('async', 'acceptedShare'))} of the orders of the block, and their effects are done after ${ms(of('async', 'effectsP95Ms'))} (p95); ${CALLS} accepts ${share(of(CALLS, 'acceptedShare'))} and is done after ${ms(of(CALLS, 'effectsP95Ms'))}.`;
}

function billingDown(run: RunResult, events: ArmName): string | undefined {
  const of = numbersOf(run, 'S4');
  const [block] = validBlocks(run, { scenario: 'S4', arm: events });
  const fault = block?.faults[0];
  if (!fault || !of(CALLS, 'acceptedShare')) return undefined;
  const drained = of(events, 'drainS');
  const backlog = Math.max(0, ...block.seconds.map((second) => second.backlog));
  const end = drained ? `, drained ${quantity('drainS', drained.value)} after the heal` : '';
  return `If a module is down for ${duration((fault.toS - fault.fromS) * 1000)}, ${CALLS} accepts ${share(of(CALLS, 'acceptedShare'))} of the orders of the block and the rest is left to the customers; ${events} accepts ${share(of(events, 'acceptedShare'))} and piles up ${backlog} orders${end}.`;
}

function killed(run: RunResult): string | undefined {
  const arms = run.arms.filter(({ name }) => validBlocks(run, { scenario: 'S5', arm: name }).length > 0);
  if (arms.length === 0) return undefined;
  const cells = arms.map(({ name }) => {
    const blocks = validBlocks(run, { scenario: 'S5', arm: name });
    const kills = blocks.reduce((sum, { faults }) => sum + Math.max(1, faults.length), 0);
    const lost = blocks.reduce((sum, { metrics, anomalies }) => sum + (metrics.lost ?? anomalies.lost ?? 0), 0);
    return `${name} ${lost === 0 ? zeroOf(kills, 'kills') : `${lost} in ${kills} kills`}`;
  });
  return `If the process is killed between commit and call, accepted orders lose effects: ${cells.join(', ')}.`;
}

function stale(run: RunResult, events: ArmName): string | undefined {
  const theirs = numbersOf(run, 'S13')(events, 'staleP95Ms');
  if (!theirs) return undefined;
  const ours = numbersOf(run, 'S13')(CALLS, 'staleP95Ms');
  return `If a customer has to read the result of its own order, ${events} shows the old state for ${ms(theirs)} (p95), ${CALLS} for ${ms(ours)}: wait for the outcome (Prefer: wait), or read the order itself.`;
}

function cost(run: RunResult, events: ArmName): string | undefined {
  const of = numbersOf(run, 'S0');
  const parts = (['cpuMsPerOrder', 'walKbPerOrder'] as const).flatMap((metric) => {
    const [mine, theirs] = [of(events, metric), of(CALLS, metric)];
    const name = { cpuMsPerOrder: 'CPU', walKbPerOrder: 'WAL' }[metric];
    if (!mine || !theirs || theirs.value === 0) return [];
    return [
      `${factor(mine.value / theirs.value)} the ${name} (${quantity(metric, mine.value)} against ${quantity(metric, theirs.value)} an order)`,
    ];
  });
  if (parts.length === 0) return undefined;
  return `If nothing breaks at ${rateOf(run, 'S0')} orders/s, ${events} costs ${parts.join(' and ')} of ${CALLS}.`;
}

/** What a reader could decide by, in words, from the numbers of this run alone; scenarios that were not run say nothing. */
export function decisionSentences(run: RunResult): Decision[] {
  const events = eventsArm(run);
  const all: [string, string | undefined][] = [
    ['S2', slowModule(run, events)],
    ['S5', killed(run)],
    ['S4', billingDown(run, events)],
    ['S6', brokerDown(run)],
    ['S13', stale(run, events)],
    ['S0', cost(run, events)],
  ];
  return all.flatMap(([scenario, sentence]) => (sentence ? [{ scenario, sentence }] : []));
}
