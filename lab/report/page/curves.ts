import type { ArmName } from '../../model/arm.js';
import { METRICS, type MetricName, type RunResult, type ScenarioResult } from '../../model/run-result.js';
import { armNumber, variantValues, type ArmNumber } from '../arm-numbers.js';
import { crossings } from '../crossings.js';
import { duration, percent, quantity } from '../numbers.js';
import { DRAWN } from './arm-look.js';
import { drawCurves, type Curve } from './curve-chart.js';
import { html, type Html } from './html.js';
import { legend, notRun, section, toRaw } from './parts.js';

/** What a scenario changes step by step, and what is drawn over it. */
interface Over {
  id: string;
  /** What the axis says. */
  x: string;
  log: boolean;
  at: (x: number) => string;
  metrics: readonly MetricName[];
}
const OVERS: readonly Over[] = [
  { id: 'S2', x: 'billing takes D', log: true, at: duration, metrics: ['ackP95Ms', 'effectsP95Ms'] },
  { id: 'S1', x: 'N slow calls', log: false, at: (n) => n.toFixed(1), metrics: ['ackP50Ms', 'effectsP50Ms'] },
  { id: 'S3', x: 'share of calls that fail', log: true, at: percent, metrics: ['acceptedShare', 'goodput'] },
];

type MeasuredPoint = ArmNumber & { x: number };
type Measured = Partial<Record<ArmName, MeasuredPoint[]>>;

const measured = (run: RunResult, scenario: string, metric: string): Measured =>
  Object.fromEntries(
    DRAWN.map((arm) => [
      arm,
      variantValues(run, scenario).flatMap((x): MeasuredPoint[] => {
        const number = armNumber(run, { scenario, arm, variantValue: x }, metric);
        return number ? [{ ...number, x }] : [];
      }),
    ]),
  );

/** A theory line is drawn where the metric has its name. */
const theoryOf = (scenario: ScenarioResult, metric: MetricName): Curve[] =>
  scenario.curves
    .filter(({ kind, name }) => kind === 'theory' && name === METRICS[metric].name)
    .map(({ arm, points }) => ({ arm, points: points.map(([x, value]) => ({ x, value })), theory: true }));

function panel(run: RunResult, scenario: ScenarioResult, metric: MetricName, over: Over): Html | false {
  const seen = measured(run, scenario.id, metric);
  const curves = [
    ...DRAWN.map((arm): Curve => ({ arm, points: seen[arm] ?? [], theory: false })),
    ...theoryOf(scenario, metric),
  ].filter(({ points }) => points.length > 1);
  if (curves.length === 0) return false;
  const share = METRICS[metric].unit === 'share';
  const found = share ? [] : crossings(seen['sync-hardened'] ?? [], seen.async ?? [], over.log);
  const n = DRAWN.flatMap((arm) => seen[arm] ?? []).reduce((sum, point) => sum + point.n, 0);
  const values = (arm: ArmName) => (seen[arm] ?? []).map(({ x, value }) => `${over.at(x)}: ${quantity(metric, value)}`);
  const label = `${METRICS[metric].name} over ${over.x}. ${DRAWN.map((arm) => `${arm} ${values(arm).join(', ')}`).join('; ')}`;
  return html`<figure class="${share && 'second'}">
    <figcaption><b>${METRICS[metric].name}</b> over ${over.x} ${toRaw(`n = ${n} orders`, scenario.id)}</figcaption>
    ${drawCurves(curves, { ...over, share, crossings: found }, { id: `curve-${scenario.id}-${metric}`, label })}
    ${!share && html`<p class="crossing">${crossingSentence(found, over, seen)}</p>`}
  </figure>`;
}

function crossingSentence(found: readonly number[], over: Over, seen: Measured): string {
  const [calls, events] = [seen['sync-hardened']?.at(-1), seen.async?.at(-1)];
  if (!calls || !events) return '';
  const ahead = calls.value < events.value ? 'sync-hardened' : 'async';
  if (found.length === 0) return `sync-hardened and async do not cross here; ${ahead} is ahead all the way.`;
  return `sync-hardened and async cross at about ${found.map(over.at).join(' and ')}; beyond that ${ahead} is ahead.`;
}

/** Both clocks over the slowness of a module and over the number of slow ones: the crossings are the message. */
export function curves(run: RunResult): Html {
  const chosen = OVERS.map((over) => ({
    over,
    scenario: run.scenarios.find(({ id }) => id === over.id && variantValues(run, id).length > 1),
  }));
  const panels = chosen.flatMap(({ over, scenario }) =>
    scenario ? over.metrics.map((metric) => panel(run, scenario, metric, over)) : [],
  );
  const missing = chosen.filter(({ scenario }) => !scenario).map(({ over }) => over.id);
  return section(
    'curves',
    'The two clocks, and where they cross',
    'Left what the customer is told, right what is done. Points are middles over the blocks, whiskers reach from the least to the most; a curve that is flat at its top has reached the patience of the customers.',
    [
      legend(run, html`<span class="key"><i class="dashed" aria-hidden="true"></i> theory</span>`),
      html`<div class="pairs">${panels}</div>`,
      missing.length > 0 && notRun(run, missing),
    ],
  );
}
