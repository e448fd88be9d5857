import type { ArmName } from '../../model/arm.js';
import type { Comparison, HeadlineRow, RunResult } from '../../model/run-result.js';
import { compare } from '../../statistics/index.js';
import { eventsArm } from '../arm-numbers.js';
import { factor, factorWithin } from '../numbers.js';
import { html, type Html } from './html.js';
import { intervalMark } from './interval-mark.js';
import { armLabel, toRaw, wasRun } from './parts.js';
import { cardsOf, type Card } from './verdict-cards.js';

const SHOWN: readonly ArmName[] = ['sync-hardened', 'async-local', 'async'];

const SIGNS: Record<string, string> = { 'no measurable difference': '≈', unknown: '?', 'not run': '–' };
const sideOf = (verdict: string): 'sync' | 'async' | 'even' =>
  verdict.startsWith('sync') ? 'sync' : verdict.startsWith('async') ? 'async' : 'even';

function verdictLine(verdict: string, about: string, id?: HeadlineRow['id']): Html {
  const side = sideOf(verdict);
  const sign = SIGNS[verdict] ?? { sync: '■', async: '●', even: '?' }[side];
  return html`<p class="verdict side-${side}" ${id && html` data-verdict="${id}"`}>
    ${about && html`<small>${about}</small>`}<i aria-hidden="true">${sign}</i> ${verdict}
  </p>`;
}

/** The second clock has its own verdict where the first one alone would mislead: work put off is not work done. */
function secondClock(run: RunResult, { scenario }: Card): Comparison | undefined {
  if (scenario !== 'S6') return undefined;
  const blocks = run.blocks.filter((block) => block.scenario === scenario);
  const found = compare(blocks, 'effectsP95Ms', eventsArm(run), 'sync-hardened', run);
  return found.pairs > 0 ? found : undefined;
}

function inWords({ verdict, ratio, pairs, arm }: Comparison): string {
  if (pairs === 1) return `${factor(ratio)} in one pair`;
  if (verdict === 'arm better') return `${arm} better`;
  return verdict === 'against better' ? 'sync better' : verdict;
}

/** A number leads to its blocks; an arm without one says why. */
function number(run: RunResult, text: string | undefined, scenario: string, arm: ArmName): Html | string {
  if (text !== undefined) return toRaw(text, scenario, arm);
  const because = run.arms.find(({ name }) => name === arm)?.because;
  return because ? `not run: ${because}` : 'not run';
}

function card(run: RunResult, one: Card): Html {
  const { title, scenario, about, row, columns } = one;
  if (!wasRun(run, scenario))
    return html`<article class="card">
      <h3>${title}</h3>
      <p class="about">${about}</p>
      <p class="not-run">${scenario} was not run.</p>
    </article>`;
  const second = secondClock(run, one);
  const { comparison } = row;
  const orders = row.id === 'lost-on-kill' ? 'kills' : 'orders';
  const n = row.n['sync-hardened'] ?? Object.values(row.n)[0] ?? 0;
  return html` <article class="card">
    <h3>${title}</h3>
    <p class="about">${about}</p>
    ${verdictLine(row.verdict, second ? 'accepted' : '', row.id)}
    ${second && verdictLine(inWords(second), 'all effects')}
    <table>
      <caption class="hidden">
        ${title}: ${about}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${SHOWN.map(
          (arm) =>
            html`<tr>
              <th scope="row">${armLabel(arm)}</th>
              ${columns.map(
                ({ cell, row: id }) =>
                  html`<td${id && html` data-row="${id}" data-arm="${arm}"`}>${number(run, cell(arm), scenario, arm)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      comparison &&
      comparison.pairs > 1 &&
      html`${intervalMark(comparison, run.floor)}
        <p class="n">
          ${comparison.arm} / ${comparison.against} ${factorWithin(comparison)}, ${comparison.pairs} pairs, n = ${n}
          orders each
        </p>`
    }
    ${!(comparison && comparison.pairs > 1) && html`<p class="n">n = ${n} ${orders} each</p>`}
    ${second && second.pairs > 1 && html`<p class="n">all effects p95, ${second.arm} / ${second.against} ${factorWithin(second)}</p>`}
  </article>`;
}

/** Six questions, each with both clocks or both costs, and a verdict of its own: there is no total score. */
export const verdictStrip = (run: RunResult): Html =>
  html` <section id="verdicts" aria-labelledby="verdicts-title">
    <h2 id="verdicts-title">Six questions, and no total score</h2>
    <p class="lead">
      Async is judged against sync-hardened, the best that calls can be. Each number leads to the blocks that it comes
      from.
    </p>
    <div class="cards">${cardsOf(run).map((one) => card(run, one))}</div>
    <p class="kafka"><strong>${run.kafkaSentence}</strong></p>
  </section>`;
