import { ARM_NAMES, type ArmName } from '../../model/arm.js';
import type { RunResult } from '../../model/run-result.js';
import { duration } from '../numbers.js';
import { html, type Html } from './html.js';
import { armLabel, notRun, section, toRaw } from './parts.js';
import { witnesses } from './witnesses.js';

type Waterfall = RunResult['waterfalls'][number];

/** On paper there is room for two. */
const PRINTED: readonly ArmName[] = ['sync-hardened', 'async'];

/** A step that takes no time of its own still has to be seen. */
const LEAST_WIDTH = 0.8;

function bar({ fromMs, toMs }: { fromMs: number; toMs: number }, endMs: number): Html {
  const left = (fromMs / endMs) * 100;
  const width = Math.max(LEAST_WIDTH, ((toMs - fromMs) / endMs) * 100);
  return html`<span class="bar"
    ><span
      style="left: ${Math.min(left, 100 - LEAST_WIDTH).toFixed(2)}%; width: ${Math.min(width, 100 - Math.min(left, 99)).toFixed(2)}%"
    ></span
  ></span>`;
}

function waterfall({ arm, orderId, steps }: Waterfall, endMs: number): Html {
  return html` <figure class="waterfall arm-${arm} ${!PRINTED.includes(arm) && 'second'}">
    <figcaption>${armLabel(arm)} <code>${orderId.slice(0, 8)}…</code></figcaption>
    <ol>
      ${steps.map((step) => html`<li><span class="what">${step.what}</span>${bar(step, endMs)}<span class="when">${duration(Math.round(step.toMs * 10) / 10)}</span></li>`)}
    </ol>
  </figure>`;
}

/** One and the same order in each design, on one time axis, and the orders to which something happened. */
export function waterfalls(run: RunResult): Html {
  const endMs = Math.max(1, ...run.waterfalls.flatMap(({ steps }) => steps.map(({ toMs }) => toMs)));
  const sorted = [...run.waterfalls].sort((a, b) => ARM_NAMES.indexOf(a.arm) - ARM_NAMES.indexOf(b.arm));
  const body =
    run.waterfalls.length === 0
      ? notRun(run, ['S0'])
      : html`<div class="pairs">${sorted.map((one) => waterfall(one, endMs))}</div>`;
  const lead =
    run.waterfalls.length > 0 &&
    html`All on the same axis, from the request to ${duration(endMs)}; one order of ${toRaw('S0', 'S0')}, n = 1, to show
    the order of things and not how long they take.`;
  return section('order', 'One order, in each design', lead || '', [body, witnesses(run)]);
}
