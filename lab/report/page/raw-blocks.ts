import type { Block, RunResult, ScenarioResult } from '../../model/run-result.js';
import { metricOf } from '../../statistics/index.js';
import { duration, quantity } from '../numbers.js';
import { html, type Html } from './html.js';
import { armLabel, rawId, section } from './parts.js';

const METRICS_SHOWN = ['ackP50Ms', 'ackP95Ms', 'effectsP50Ms', 'effectsP95Ms', 'acceptedShare', 'goodput', 'lost', 'twice', 'ghosts', 'reordered', 'cpuMsPerOrder', 'walKbPerOrder'] as const; // prettier-ignore
const HEADS = ['ack p50', 'ack p95', 'effects p50', 'effects p95', 'accepted', 'done in 10 s', 'lost', 'twice', 'ghosts', 'reordered', 'CPU', 'WAL']; // prettier-ignore

const failing = ({ checks }: Block): string =>
  checks
    .filter(({ verdict }) => verdict !== 'PASS')
    .map(({ invariant, verdict, finding }) => `${invariant} ${verdict}: ${finding}`)
    .join(' ');

function row(block: Block): Html {
  const { id, arm, plannedRate, achievedRate, valid, invalidBecause, generatorDelayP99Ms, points } = block;
  const cells = METRICS_SHOWN.map((metric) => metricOf(block, metric));
  return html`
<tr${!valid && html` class="invalid"`}>
<th scope="row"><code>${id}</code></th><td>${armLabel(arm)}</td><td>${points.length}</td>
<td>${achievedRate.toFixed(1)} of ${plannedRate.toFixed(1)}</td>
${cells.map((value, i) => html`<td>${value === undefined ? '' : quantity(METRICS_SHOWN[i]!, value)}</td>`)}
<td>${duration(generatorDelayP99Ms)}</td>
<td class="checks">${!valid && html`does not count: ${invalidBecause} `}${failing(block) || `${block.checks.length} checks passed`}</td>
</tr>`;
}

function table(run: RunResult, { id, title }: ScenarioResult): Html {
  const blocks = run.blocks.filter((block) => block.scenario === id);
  const arms = [...new Set(blocks.map(({ arm }) => arm))];
  return html` <details>
    <summary><b>${id}</b> ${title}, ${blocks.length} ${blocks.length === 1 ? 'block' : 'blocks'}</summary>
    <div class="scroll" id="${rawId(id)}" tabindex="0" role="region" aria-label="Blocks of ${id}">
      <table>
        <caption class="hidden">
          Every block of ${id}
        </caption>
        <thead>
          <tr>
            ${['block', 'arm', 'n', 'orders/s', ...HEADS, 'generator', 'checks'].map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        ${arms.map(
          (arm) =>
            html`<tbody id="${rawId(id, arm)}">
              ${blocks.filter((block) => block.arm === arm).map(row)}
            </tbody>`,
        )}
      </table>
    </div>
  </details>`;
}

/** Every block of the run; the numbers above lead here. */
export const rawBlocks = (run: RunResult): Html =>
  section(
    'raw',
    'Raw blocks',
    'One row is one arm under one load. Whole histories and timelines are in the folder of the run.',
    html`${run.scenarios.map((scenario) => table(run, scenario))}`,
  );
