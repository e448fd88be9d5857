import type { ArmName } from '../../model/arm.js';
import { ARM_LOOK } from './arm-look.js';
import { AXIS, chart, colour } from './chart.js';
import { logTicks, marksAt } from './axis-ticks.js';
import type { Html } from './html.js';

export interface Curve {
  arm: ArmName;
  theory: boolean;
  points: { x: number; value: number; least?: number; most?: number }[];
}

const WIDTH = 460;
const HEIGHT = 290;
const short = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : ms < 1 ? '' : `${ms} ms`);

function line({ arm, theory, points }: Curve) {
  const { colour: name, symbol, dash } = ARM_LOOK[arm];
  return {
    type: 'line',
    data: points.map(({ x, value }) => [x, value]),
    symbol: theory ? 'none' : symbol,
    symbolSize: 9,
    lineStyle: {
      color: colour(name),
      width: theory ? 1.2 : 2,
      type: theory ? [6, 5] : dash,
      opacity: theory ? 0.8 : 1,
    },
    itemStyle: { color: colour(name) },
  };
}

/** The whole of 0 … 100 %: half an axis makes a small loss look like a large one. */
const SHARES = {
  type: 'value', min: 0, max: 1, interval: 0.25, ...AXIS, axisLine: { show: false },
  axisLabel: { ...AXIS.axisLabel, formatter: (share: number) => `${share * 100} %` },
}; // prettier-ignore

interface Coordinates {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
}

/** From the least to the most of the blocks, with a foot at both ends. */
function whiskers({ arm, points }: Curve) {
  const stroke = colour(ARM_LOOK[arm].colour);
  return {
    type: 'custom',
    silent: true,
    encode: { x: 0, y: [1, 2] },
    data: points.flatMap(({ x, least, most }) =>
      least !== undefined && most !== undefined && most > least ? [[x, least, most]] : [],
    ),
    renderItem: (_: unknown, api: Coordinates) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      const stretch = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.2 },
      }); // prettier-ignore
      return {
        type: 'group',
        children: [stretch(x, low, x, high), stretch(x - 4, low, x + 4, low), stretch(x - 4, high, x + 4, high)],
      };
    },
  };
}

/** Curves of all arms over one thing that is changed, the time on a log axis. */
export function drawCurves(
  curves: readonly Curve[],
  {
    x,
    log,
    at,
    share,
    crossings,
  }: { x: string; log: boolean; at: (x: number) => string; share: boolean; crossings: readonly number[] },
  about: { id: string; label: string },
): Html {
  const xs = curves.flatMap(({ points }) => points.map((point) => point.x));
  // What was tried, as long as there is room to say it.
  const tried = [...new Set(xs)];
  const ticksX = { ...logTicks(xs), ...(tried.length <= 6 && { at: tried }) };
  const ticksY = logTicks(
    curves.flatMap(({ points }) => points.flatMap(({ value, least, most }) => [value, least ?? value, most ?? value])),
  );
  const marks = {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colour('--dim'), type: [1, 3], width: 1.2 },
    label: { formatter: 'crossing', color: colour('--dim'), fontSize: 11 },
    data: crossings.map((xAxis) => ({ xAxis })),
  };
  return chart(
    {
      grid: { left: 54, right: 16, top: 22, bottom: 46 },
      xAxis: {
        type: log ? 'log' : 'value',
        min: log ? ticksX.min : Math.min(...xs),
        max: log ? ticksX.max : Math.max(...xs),
        ...AXIS,
        axisTick: { show: false, ...marksAt(ticksX) },
        axisLabel: { ...AXIS.axisLabel, ...marksAt(ticksX), formatter: log ? at : String },
        splitLine: { show: false },
        name: x,
        nameLocation: 'middle',
        nameGap: 28,
      },
      yAxis: share
        ? SHARES
        : {
            type: 'log',
            min: ticksY.min,
            max: ticksY.max,
            ...AXIS,
            axisLine: { show: false },
            axisTick: { show: false, ...marksAt(ticksY) },
            axisLabel: { ...AXIS.axisLabel, ...marksAt(ticksY), formatter: short },
            splitLine: { ...AXIS.splitLine, ...marksAt(ticksY) },
          },
      series: [
        ...curves.filter(({ theory }) => !theory).map(whiskers),
        ...curves.map((curve, i) => ({ ...line(curve), ...(i === 0 && { markLine: marks }) })),
      ],
    },
    { ...about, width: WIDTH, height: HEIGHT },
  );
}
