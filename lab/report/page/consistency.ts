import type { ArmName } from '../../model/arm.js';
import type { RunResult } from '../../model/run-result.js';
import { shareUpTo } from '../../statistics/index.js';
import { validBlocks } from '../arm-numbers.js';
import { quantity } from '../numbers.js';
import { ARM_LOOK, DRAWN } from './arm-look.js';
import { logTicks, marksAt } from './axis-ticks.js';
import { AXIS, chart, colour } from './chart.js';
import { html, type Html } from './html.js';
import { legend, notRun, section, toRaw } from './parts.js';

type Series = [ArmName, [number, number][]];
const WIDTH = 460;
const HEIGHT = 270;
const STEPS = 120;

function drawShares(
  series: readonly Series[],
  axis: { x: string; log: boolean; step: boolean },
  about: { id: string; label: string },
): Html {
  const ticks = logTicks(series.flatMap(([, points]) => points.map(([x]) => x)));
  return chart(
    {
      grid: { left: 54, right: 16, top: 14, bottom: 46 },
      xAxis: {
        type: axis.log ? 'log' : 'value', ...AXIS, splitLine: { show: false },
        name: axis.x, nameLocation: 'middle', nameGap: 28,
        ...(axis.log && {
          min: ticks.min, max: ticks.max, axisTick: { show: false, ...marksAt(ticks) },
          axisLabel: { ...AXIS.axisLabel, ...marksAt(ticks) },
        }),
      },
      yAxis: {
        type: 'value', min: 0, max: 1, interval: 0.25, ...AXIS, axisLine: { show: false },
        axisLabel: { ...AXIS.axisLabel, formatter: (share: number) => `${share * 100} %` },
      },
      series: series.map(([arm, data]) => ({
        type: 'line', data, step: axis.step && 'end', symbol: ARM_LOOK[arm].symbol, symbolSize: 8, 
        showAllSymbol: false, showSymbol: data.length < 40,
        lineStyle: { color: colour(ARM_LOOK[arm].colour), type: ARM_LOOK[arm].dash, width: 2 },
        itemStyle: { color: colour(ARM_LOOK[arm].colour) },
      })),
    },
    { ...about, width: WIDTH, height: HEIGHT },
  ); // prettier-ignore
}

/** Of all accepted orders of the baseline the share whose last effect was there t ms after the order was to be placed. */
function distribution(run: RunResult): Html | false {
  const effects = DRAWN.flatMap((arm): [ArmName, (number | null)[]][] => {
    const points = validBlocks(run, { scenario: 'S0', arm }).flatMap((block) => block.points);
    const accepted = points.filter(([, , , outcome]) => outcome === 'ok').map(([, , effectsMs]) => effectsMs);
    return accepted.length > 0 ? [[arm, accepted]] : [];
  });
  if (effects.length === 0) return false;
  const all = effects.flatMap(([, values]) => values.filter((value) => value !== null));
  const [least, most] = [Math.max(1, Math.min(...all) * 0.9), Math.max(...all) * 1.1];
  const at = Array.from({ length: STEPS }, (_, i) => Math.round(least * (most / least) ** (i / (STEPS - 1)) * 10) / 10);
  const series = effects.map(([arm, values]): Series => [arm, shareUpTo(values, at)]);
  const n = effects.reduce((sum, [, values]) => sum + values.length, 0);
  return html` <figure>
    <figcaption><b>All effects done</b> within t, nothing broken ${toRaw(`n = ${n} orders`, 'S0')}</figcaption>
    ${drawShares(series, { x: 't, ms', log: true, step: true }, { id: 'ecdf', label: 'Share of orders whose effects are all done within t milliseconds, by arm' })}
  </figure>`;
}

/** Up to the first look at which nobody was stale any more: what comes after it tells nothing. */
function untilFresh(points: [number, number][], all: readonly { points: [number, number][] }[]): [number, number][] {
  const lastStale = Math.max(
    0,
    ...all.flatMap((curve) => curve.points.filter(([, share]) => share > 0).map(([t]) => t)),
  );
  const end = Math.min(...all.flatMap((curve) => curve.points.map(([t]) => t).filter((t) => t > lastStale)));
  return points.filter(([t]) => t <= end);
}

function staleness(run: RunResult): Html | false {
  const scenario = run.scenarios.find(({ id }) => id === 'S13');
  const observed = scenario?.curves.filter(({ kind }) => kind === 'observed') ?? [];
  const series = DRAWN.flatMap((arm): Series[] => {
    const curve = observed.find((found) => found.arm === arm);
    return curve ? [[arm, untilFresh(curve.points, observed)]] : [];
  });
  if (series.length === 0) return false;
  const n = run.blocks.filter((b) => b.scenario === 'S13').reduce((sum, { points }) => sum + points.length, 0);
  const cells = DRAWN.flatMap((arm) => {
    const value = run.headline.find(({ id }) => id === 'stale-p95')?.values[arm];
    return value === undefined ? [] : [`${arm} ${quantity('staleP95Ms', value)}`];
  });
  const unit = observed[0]!.x;
  return html` <figure>
    <figcaption><b>P(stale at t)</b>: the read still shows the old state ${toRaw(`n = ${n} orders`, 'S13')}</figcaption>
    ${drawShares(series, { x: unit, log: false, step: false }, { id: 'stale', label: `Probability that a read is stale: p95 ${cells.join(', ')}` })}
    <p class="crossing">Stale for, p95: ${cells.join(' · ')}.</p>
  </figure>`;
}

/** How long the shop tells an old story. */
export function consistency(run: RunResult): Html {
  const panels = [distribution(run), staleness(run)];
  const missing = ['S0', 'S13'].filter((_, i) => panels[i] === false);
  return section('consistency', 'Time to consistency', '', [
    legend(run),
    html`<div class="pairs">${panels}</div>`,
    ...missing.map((id) => notRun(run, [id])),
  ]);
}
