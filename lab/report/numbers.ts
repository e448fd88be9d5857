import { METRICS, type MetricName } from '../model/run-result.js';
import { atMost } from '../statistics/index.js';

/** How numbers are written, the same on the terminal, on the page and in sentences. */

/** More digits would say more than a run can tell apart. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toString();
  if (size >= 10) return trimmed(value.toFixed(1));
  return trimmed(value.toFixed(size >= 0.1 ? 2 : 3));
}
const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

export function duration(ms: number): string {
  if (ms < 1) return ms === 0 ? '0 ms' : `${trimmed(ms.toFixed(1))} ms`;
  if (ms < 10) return `${trimmed(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 600_000) return `${digits(ms / 1000)} s`;
  return ms < 7_200_000 ? `${digits(ms / 60_000)} min` : `${digits(ms / 3_600_000)} h`;
}

/** 0.9996 stays 99.9 %: only all is 100 %. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 99.9 && value < 100) return '99.9 %';
  if (value > 0 && value < 0.1) return value < 0.01 ? '< 0.01 %' : `${trimmed(value.toFixed(2))} %`;
  return `${trimmed(value.toFixed(1))} %`;
}

export const factor = (ratio: number): string => `×${digits(ratio)}`;

export const factorWithin = ({ ratio, low, high }: { ratio: number; low: number; high: number }): string =>
  `${factor(ratio)} [${digits(low)}–${digits(high)}]`;

/** Nothing in n says at most 3/n. `of` names what was counted, in the plural. */
export const zeroOf = (n: number, of = ''): string => `0 of ${n}${of && ` ${of}`} (≤ ${percent(atMost(n))})`;

export function quantity(metric: string, value: number): string {
  const unit = metric in METRICS ? METRICS[metric as MetricName].unit : '';
  if (unit === 'ms' && !metric.startsWith('cpu') && !metric.includes('Cpu')) return duration(value);
  if (unit === 's') return duration(value * 1000);
  if (unit === 'share') return percent(value);
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}
