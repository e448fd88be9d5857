import type { RunResult } from '../../model/run-result.js';
import { decisionSentences } from '../decision-sentences.js';
import { whereEachWon, type Win } from '../where-each-won.js';
import { html, type Html } from './html.js';
import { notRun, section, source } from './parts.js';

/** What to decide by, as sentences. */
export function decisions(run: RunResult): Html {
  const sentences = decisionSentences(run);
  const body = html`<ol class="decisions">
    ${sentences.map(({ scenario, sentence }) => html`<li>${sentence} ${source(run, scenario)}</li>`)}
  </ol>`;
  return section(
    'decisions',
    'What you could decide by',
    '',
    sentences.length > 0 ? body : notRun(run, ['S0', 'S2', 'S5', 'S6']),
  );
}

const list = (run: RunResult, id: string, title: string, wins: readonly Win[]): Html =>
  html` <div class="side side-${id}">
    <h3>${title}</h3>
    ${wins.length === 0 && html`<p>Nowhere, as far as this run can tell.</p>`}
    <ul>
      ${wins.map(({ scenario, sentence }) => html`<li>${sentence} ${scenario && source(run, scenario)}</li>`)}
    </ul>
  </div>`;

/** Both lists in the same size and the same words. */
export function winners(run: RunResult): Html {
  const { sync, async } = whereEachWon(run);
  return section(
    'winners',
    'Where sync won, and where async won',
    'sync-hardened against async, wherever the difference is larger than chance and than the noise floor.',
    html`<div class="sides">${list(run, 'sync', 'Sync won', sync)}${list(run, 'async', 'Async won', async)}</div>`,
  );
}
