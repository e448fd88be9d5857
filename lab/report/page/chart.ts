import * as echarts from 'echarts';
import { html, type Html, raw } from './html.js';

export type ChartOption = echarts.EChartsCoreOption;

/**
 * Custom properties of the style sheet in the only form that echarts takes for a colour; they are put back when the
 * chart is drawn, so that one drawing fits the light and the dark page.
 */
const TOKENS = ['--ink', '--dim', '--line', '--faint', '--paper', '--fault', '--sync', '--hardened', '--local', '--async', '--control'] as const; // prettier-ignore
const codeOf = (index: number) => `#f0a1${(16 + index).toString(16).padStart(2, '0')}`;

export function colour(name: string): string {
  const index = (TOKENS as readonly string[]).indexOf(name);
  if (index < 0) throw new Error(`${name} is no colour of a chart: add it to TOKENS.`);
  return codeOf(index);
}

export interface Drawing {
  /** Unique on the page. */
  id: string;
  /** What the chart shows, for those who do not see it. */
  label: string;
  width: number;
  height: number;
}

const FONT = 'inherit';

/** The parts of an axis that all charts share: no box, faint lines, small type. */
export const AXIS = {
  axisLine: { lineStyle: { color: colour('--line') } },
  axisTick: { show: false },
  axisLabel: { color: colour('--dim'), fontSize: 12 },
  nameTextStyle: { color: colour('--dim'), fontSize: 12 },
  splitLine: { lineStyle: { color: colour('--line'), width: 0.5 } },
};

/** Draws a chart on the server, as one SVG that fits its place and says what it shows. */
export function chart(option: ChartOption, { id, label, width, height }: Drawing): Html {
  const drawn = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    drawn.setOption({ animation: false, textStyle: { fontFamily: FONT, color: colour('--ink') }, ...option });
    const inner = drawn
      .renderToSVGString()
      .replace(/^<svg[^>]*>|<\/svg>\s*$|<style[^>]*>[^]*?<\/style>/g, '')
      .replace(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="\w+")/g, '')
      .replace(/zr\d+-/g, `${id}-`)
      .replace(/#f0a1([0-9a-f]{2})/gi, (_, code: string) => `var(${TOKENS[parseInt(code, 16) - 16]})`);
    return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${raw(inner)}</svg>`;
  } finally {
    drawn.dispose();
  }
}
