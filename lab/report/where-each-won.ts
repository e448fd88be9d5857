import type { ArmName } from '../model/arm.js';
import { ANOMALIES, METRICS, type MetricName, type RunResult, type ScenarioResult } from '../model/run-result.js';
import { compare } from '../statistics/index.js';
import { armNumber, eventsArm, validBlocks, variantValues } from './arm-numbers.js';
import { quantity } from './numbers.js';

const CALLS: ArmName = 'sync-hardened';

export interface Win {
  /** Where its numbers come from; undefined where they are of the whole run. */
  scenario?: string;
  /** One sentence with both numbers in it. */
  sentence: string;
}

/** Where each side did better, so that neither is told louder than the other. */
export interface Wins {
  sync: Win[];
  async: Win[];
}

type Side = keyof Wins;

/** In both lists the same words: the metric, then the two numbers. */
function fromHeadline(run: RunResult): [Side, Win][] {
  return run.headline.flatMap((row): [Side, Win][] => {
    const side = row.verdict.endsWith('better') ? (row.verdict.startsWith('sync') ? 'sync' : 'async') : undefined;
    if (!side) return [];
    const arm = eventsArm(run);
    const [best, other] = side === 'sync' ? (['sync-hardened', arm] as const) : ([arm, 'sync-hardened'] as const);
    const note = row.note ? ` (${row.note})` : '';
    return [
      [
        side,
        {
          scenario: row.scenario,
          sentence: `${row.metric}${note}: ${best} ${row.cells[best]}, ${other} ${row.cells[other]}`,
        },
      ],
    ];
  });
}

/** Which numbers of which scenarios count besides the eight rows: fixed before anything is measured. */
const TELLING: Readonly<Record<string, readonly MetricName[]>> = {
  S0: ['walKbPerOrder'],
  S1: ['ackP95Ms', 'effectsP95Ms'],
  S2: ['goodput', 'effectsP95Ms'],
  S3: ['acceptedShare', 'goodput'],
  S4: ['acceptedShare', 'effectsP95Ms'],
  S6: ['effectsP95Ms'],
  S8: ['goodput'],
  S9: ['acceptedShare', 'effectsMaxMs'],
  S15: ['acceptedShare', 'goodput', 'ackP95Ms'],
  S16: ['goodput'],
  S19: ['acceptedShare', 'effectsMaxMs'],
};

/** In scenarios that change something step by step only the last step counts: the slowest, the longest. */
function fromScenario(run: RunResult, { id, title }: ScenarioResult): [Side, Win][] {
  const variantValue = variantValues(run, id).at(-1);
  const arm = eventsArm(run);
  const where = (name: ArmName) => ({ scenario: id, arm: name, variantValue });
  const blocks = [...validBlocks(run, where(arm)), ...validBlocks(run, where(CALLS))];
  return (TELLING[id] ?? []).flatMap((metric): [Side, Win][] => {
    const [mine, theirs] = [armNumber(run, where(arm), metric), armNumber(run, where(CALLS), metric)];
    const found = compare(blocks, metric, arm, CALLS, run);
    if (!mine || !theirs || (found.verdict !== 'arm better' && found.verdict !== 'against better')) return [];
    const text = { [arm]: quantity(metric, mine.value), [CALLS]: quantity(metric, theirs.value) };
    const [best, other] = found.verdict === 'arm better' ? [arm, CALLS] : [CALLS, arm];
    const sentence = `${title}, ${METRICS[metric].name}: ${best} ${text[best]}, ${other} ${text[other]}`;
    return [[best === CALLS ? 'sync' : 'async', { scenario: id, sentence }]];
  });
}

/** One side showed an anomaly where the other showed none. */
function fromAnomalies(run: RunResult, scenario: ScenarioResult): [Side, Win][] {
  const blocks = run.blocks.filter((block) => block.scenario === scenario.id && block.valid);
  const shown = (['sync-hardened', 'async'] as const).map((arm) => blocks.filter((block) => block.arm === arm));
  if (shown.some((own) => own.length === 0)) return [];
  const told = run.headline.some((row) => row.scenario === scenario.id && row.verdict.endsWith('better'));
  return ANOMALIES.filter((anomaly) => anomaly !== 'in-doubt').flatMap((anomaly): [Side, Win][] => {
    const [calls, events] = shown.map((own) =>
      own.reduce((sum, block) => sum + (block.anomalies[anomaly] ?? 0), 0),
    ) as [number, number];
    if (told || (calls === 0) === (events === 0)) return [];
    return [
      [
        calls === 0 ? 'sync' : 'async',
        { scenario: scenario.id, sentence: `${scenario.title}, ${anomaly}: sync-hardened ${calls}, async ${events}` },
      ],
    ];
  });
}

/** What needs no measuring twice: a broker that stands idle is paid for all the same. */
function fromStandingCost({ env }: RunResult): [Side, Win][] {
  if (!env.idleBroker) return [];
  const { cpuShare, rssMb } = env.idleBroker;
  const sentence = `no broker to run: it took ${Math.round(rssMb)} MB and ${(cpuShare * 100).toFixed(1)} % of a core while idle`;
  return [['sync', { sentence }]];
}

export function whereEachWon(run: RunResult): Wins {
  const all = [
    ...fromHeadline(run),
    ...run.scenarios.flatMap((scenario) => [...fromAnomalies(run, scenario), ...fromScenario(run, scenario)]),
    ...fromStandingCost(run),
  ];
  const of = (side: Side) => all.filter(([winner]) => winner === side).map(([, win]) => win);
  return { sync: of('sync'), async: of('async') };
}
