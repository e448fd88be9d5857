import type { ArmName } from '../../model/arm.js';
import type { RunResult, ScenarioResult } from '../../model/run-result.js';
import { matrixCell, type MatrixCell } from '../matrix-cells.js';
import { html, type Html } from './html.js';
import { armLabel, section, toRaw } from './parts.js';

const SIGNS: Record<MatrixCell['state'], string> = {
  'as predicted': '✓',
  surprise: '✕',
  unknown: '?',
  'not judged': '·',
  'not run': '–',
};

function cell(run: RunResult, scenario: ScenarioResult, arm: ArmName): Html {
  const { state, anomalies, zero, inDoubt } = matrixCell(run, scenario, arm);
  if (state === 'not run')
    return html`<td class="cell none"><span aria-hidden="true">–</span><span class="hidden">not run</span></td>`;
  const quiet = state === 'as predicted' && anomalies === '';
  const found = html`<i aria-hidden="true">${SIGNS[state]}</i>
    <span class="hidden">${state}: </span>${state === 'surprise' && html`<b>surprise</b> `}${anomalies || zero}`;
  const hasBlocks = run.blocks.some((block) => block.scenario === scenario.id && block.arm === arm);
  return html`<td class="cell ${state.replace(' ', '-')}${quiet && ' quiet'}">
    ${hasBlocks ? toRaw(found, scenario.id, arm) : found}${inDoubt > 0 && html`<small>${inDoubt} in doubt</small>`}
  </td>`;
}

/** What came otherwise, or could not be told, in full sentences below the table. */
function oddities(run: RunResult): Html | false {
  const odd = run.scenarios.flatMap(({ id, predictions }) =>
    predictions.filter(({ outcome }) => outcome !== 'as predicted').map((prediction) => ({ id, ...prediction })),
  );
  return (
    odd.length > 0 &&
    html`<dl class="oddities">
      ${odd.map(
        ({ id, arm, outcome, predicted, observed }) =>
          html`<div>
            <dt>
              ${SIGNS[outcome]} ${run.blocks.some((b) => b.scenario === id && b.arm === arm) ? toRaw(id, id, arm) : id}
              ${armLabel(arm)}
            </dt>
            <dd>
              ${observed.replace(/\.$/, '')}.
              ${predicted && html`<span class="predicted">Predicted: ${predicted}</span>`}
            </dd>
          </div>`,
      )}
    </dl>`
  );
}

/** Scenarios × arms: what went wrong, and whether it was said beforehand. */
export function matrix(run: RunResult): Html {
  const arms = run.arms.filter(({ run }) => run).map(({ name }) => name);
  const missing = run.arms.filter(({ run }) => !run);
  return section(
    'matrix',
    'Correctness: what was lost, doubled or out of order',
    html`✓ as predicted, also where losing was predicted; <b class="loud">✕ surprise</b> is the only loud mark. A zero
      of n orders may still hide 3/n of them. Explained: a mail on its way when the lab killed its process went out
      again.`,
    html` <div class="scroll" tabindex="0" role="region" aria-label="Correctness matrix">
        <table class="matrix">
          <caption class="hidden">
            Anomalies by scenario and arm; lost, twice, ghost, reordered, stuck, in-doubt
          </caption>
          <thead>
            <tr>
              <th scope="col">scenario</th>
              ${arms.map((arm) => html`<th scope="col">${armLabel(arm)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${run.scenarios.map(
              (scenario) =>
                html`<tr>
                  <th scope="row"><b>${scenario.id}</b> ${scenario.title}</th>
                  ${arms.map((arm) => cell(run, scenario, arm))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${oddities(run)}
      ${missing.map(({ name, because }) => html`<p class="not-run">${armLabel(name)} not run: ${because ?? 'not asked for'}.</p>`)}
      ${predictions(run)}`,
  );
}

/** Each prediction beside what came. */
const predictions = (run: RunResult): Html =>
  html` <details class="predictions">
    <summary>Every prediction beside what was observed</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Predictions">
      <table>
        <caption class="hidden">
          Predictions and observations
        </caption>
        <thead>
          <tr>
            <th scope="col">scenario</th>
            <th scope="col">arm</th>
            <th scope="col">predicted</th>
            <th scope="col">observed</th>
            <th scope="col">outcome</th>
          </tr>
        </thead>
        <tbody>
          ${run.scenarios.flatMap(({ id, title, question, predictions }) =>
            predictions.map(
              ({ arm, predicted, observed, outcome }, i) =>
                html`<tr>
                  ${i === 0 && html`<th scope="rowgroup" rowspan="${predictions.length}"><b>${id}</b> ${title}<small>${question}</small></th>`}
                  <td>${armLabel(arm)}</td>
                  <td>${predicted}</td>
                  <td>${observed}</td>
                  <td class="${outcome.replace(' ', '-')}">${outcome}</td>
                </tr>`,
            ),
          )}
        </tbody>
      </table>
    </div>
  </details>`;
