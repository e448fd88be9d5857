import type { Block } from '../../model/run-result.js';
import { AXIS, chart, colour } from './chart.js';
import { linearTicks, logTicks, marksAt, type Ticks } from './axis-ticks.js';
import type { Html } from './html.js';

/** The ends of the axes. */
export interface StripAxes {
  /** Until the last effect. */
  seconds: number;
  /** While orders came. */
  loadSeconds: number;
  orders: number;
  ackMs: number;
  backlog: number;
  oldestMs: number;
}

interface Look {
  id: string;
  label: string;
  colour: string;
}

const WIDTH = 272;
const HEIGHT = 372;
const LEFT = 46;
const RIGHT = 42;
const PANELS = [
  { top: 24, height: 76 },
  { top: 134, height: 76 },
  { top: 244, height: 92 },
];

const SMALL = { fontSize: 11 };
const short = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);

/** Three panels over the same seconds: orders, acknowledgement, and what waits for its effects: both clocks. */
export function drawStrip({ seconds, faults }: Block, axes: StripAxes, look: Look): Html {
  const line = colour(look.colour);
  const at = (second: number) => second + 0.5;
  const shaded = {
    silent: true,
    itemStyle: { color: colour('--fault'), opacity: 0.16 },
    data: faults.map(({ fromS, toS }) => [{ xAxis: fromS }, { xAxis: Math.max(toS, fromS + 0.15) }]),
  };
  const titles = ['orders a second', 'acknowledged', 'waiting for effects'];
  const yAxis = (gridIndex: number, ticks: Ticks, formatter?: (value: number) => string, more: object = {}) => ({
    gridIndex, type: 'value', min: ticks.min, max: ticks.max, ...AXIS, axisLine: { show: false },
    axisTick: { show: false, ...marksAt(ticks) }, axisLabel: { ...AXIS.axisLabel, ...SMALL, ...marksAt(ticks), formatter },
    splitLine: { ...AXIS.splitLine, ...marksAt(ticks) }, ...more,
  }); // prettier-ignore
  const data = (of: (s: Block['seconds'][number]) => number | null) => seconds.map((s) => [at(s.second), of(s)]);
  const drawnLine = (panel: number, of: (s: Block['seconds'][number]) => number | null, dashed: boolean, yAxisIndex = panel) => ({
    type: 'line', xAxisIndex: panel, yAxisIndex, data: data(of), showSymbol: false, connectNulls: false,
    lineStyle: { color: line, width: dashed ? 1.4 : 2, type: dashed ? [5, 3] : 'solid' },
    ...(dashed ? {} : { markArea: shaded }),
  }); // prettier-ignore
  const bar = (of: (s: Block['seconds'][number]) => number, hatched: boolean) => ({
    type: 'bar', stack: 'orders', xAxisIndex: 0, yAxisIndex: 0, barWidth: '82%', data: seconds.filter(({ placed }) => placed > 0).map((s) => [at(s.second), of(s)]),
    itemStyle: hatched
      ? { color: 'transparent', borderColor: line, borderWidth: 1, borderType: [2, 2] }
      : { color: line, opacity: 0.75 },
    ...(hatched ? {} : { markArea: shaded }),
  }); // prettier-ignore
  const loaded = seconds.filter(({ placed }) => placed > 0).length;
  const answered = (value: (s: Block['seconds'][number]) => number | null) => (s: Block['seconds'][number]) =>
    s.second < loaded ? value(s) : null;
  return chart(
    {
      grid: PANELS.map((panel) => ({ left: LEFT, right: RIGHT, ...panel })),
      title: titles.map((text, i) => ({
        text, left: 0, top: PANELS[i]!.top - 24, textStyle: { ...SMALL, fontWeight: 'normal', color: colour('--dim') },
      })),
      xAxis: PANELS.map((_, gridIndex) => ({
        gridIndex, type: 'value', min: 0, max: axes.seconds, ...AXIS, splitLine: { show: false },
        axisLabel: { ...AXIS.axisLabel, ...SMALL, show: gridIndex === 2, formatter: '{value} s', hideOverlap: true, showMaxLabel: false },
      })),
      yAxis: [
        yAxis(0, linearTicks(axes.orders)),
        yAxis(1, logTicks([1, 10, axes.ackMs], 4), short, { type: 'log' }),
        yAxis(2, linearTicks(axes.backlog)),
        yAxis(2, linearTicks(axes.oldestMs), short, { position: 'right', splitLine: { show: false } }),
      ],
      series: [
        bar((s) => s.accepted, false),
        bar((s) => s.refused, true),
        drawnLine(1, answered((s) => s.ackP50Ms), false),
        drawnLine(1, answered((s) => s.ackP95Ms), true),
        { ...drawnLine(2, (s) => s.backlog, false), step: 'middle', areaStyle: { color: line, opacity: 0.15 } },
        drawnLine(2, (s) => s.oldestMs, true, 3),
      ],
    },
    { id: look.id, label: look.label, width: WIDTH, height: HEIGHT },
  ); // prettier-ignore
}
