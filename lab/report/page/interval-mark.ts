import type { Comparison } from '../../model/run-result.js';
import type { Floor } from '../../statistics/index.js';
import { factorWithin } from '../numbers.js';
import { html, type Html } from './html.js';

const WIDTH = 240;
const HEIGHT = 26;
/** ×1/8 to ×8: what lies outside is cut, the number beside it tells. */
const REACH = Math.log(8);

const x = (ratio: number): number => {
  const share = Math.max(-1, Math.min(1, Math.log(ratio) / REACH));
  return Math.round((WIDTH / 2 + (share * (WIDTH - 16)) / 2) * 10) / 10;
};

/** A ratio with its interval on a log axis around 1; the grey band is what one design differs from itself by. */
export function intervalMark({ ratio, low, high, metric }: Comparison, floor: Floor): Html {
  const noise = floor[metric];
  const middle = HEIGHT / 2;
  return html` <svg
    class="interval"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${factorWithin({ ratio, low, high })}"
  >
    ${noise && html`<rect x="${x(noise.low)}" y="3" width="${(x(noise.high) - x(noise.low)).toFixed(1)}" height="${HEIGHT - 6}" class="noise" />`}
    <line x1="${WIDTH / 2}" y1="1" x2="${WIDTH / 2}" y2="${HEIGHT - 1}" class="one" />
    <line x1="${x(low)}" y1="${middle}" x2="${x(high)}" y2="${middle}" class="whisker" />
    <circle cx="${x(ratio)}" cy="${middle}" r="4.5" class="dot" />
  </svg>`;
}
