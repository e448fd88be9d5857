import type { Block, RunResult, Witness } from '../../model/run-result.js';
import { duration } from '../numbers.js';
import { html, type Html } from './html.js';
import { armLabel, rawId } from './parts.js';

const PER_KIND = 3;

function one({ scenario, arm }: Block, { anomaly, orderId, effect, culprit, timeline }: Witness): Html {
  const start = timeline[0]?.atMs ?? 0;
  return html` <details class="witness">
    <summary>${armLabel(arm)} ${effect} <b>${anomaly}</b>, ${culprit} <code>${orderId.slice(0, 8)}…</code></summary>
    <table>
      <caption class="hidden">
        Timeline of ${orderId}
      </caption>
      <thead>
        <tr>
          <th scope="col">after</th>
          <th scope="col">where</th>
          <th scope="col">what</th>
        </tr>
      </thead>
      <tbody>
        ${timeline.map(
          ({ atMs, where, what }) =>
            html`<tr>
              <td>${duration(Math.round((atMs - start) * 10) / 10)}</td>
              <td>${where}</td>
              <td>${what}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p><code>${orderId}</code> <a class="raw" href="#${rawId(scenario, arm)}">its block</a></p>
  </details>`;
}

function chosen(blocks: readonly Block[]): Html[] {
  const counts = new Map<string, number>();
  return blocks.flatMap((block) =>
    block.witnesses.flatMap((witness) => {
      // Of these the client only was not told; the matrix counts them.
      if (witness.anomaly === 'in-doubt') return [];
      const kind = `${block.arm} ${witness.anomaly}`;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= PER_KIND ? [one(block, witness)] : [];
    }),
  );
}

/** The witnesses of a run: up to three orders for each kind of anomaly in each arm, by scenario. */
export function witnesses(run: RunResult): Html {
  const groups = run.scenarios.flatMap(({ id, title }) => {
    const found = chosen(run.blocks.filter(({ scenario }) => scenario === id));
    const count = `${found.length} ${found.length === 1 ? 'order' : 'orders'}`;
    return found.length === 0
      ? []
      : [
          html`<details>
            <summary><b>${id}</b> ${title}, ${count}</summary>
            ${found}
          </details>`,
        ];
  });
  if (groups.length === 0) return html`<p class="not-run">No order went wrong in this run, so there is no witness.</p>`;
  return html`<div class="witnesses">
    <h3>Witnesses <small>orders to which something happened, with their whole timeline</small></h3>
    ${groups}
  </div>`;
}
