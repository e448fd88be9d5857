import type { ArmName } from '../../model/arm.js';
import type { RunResult } from '../../model/run-result.js';
import { ARM_LOOK, DRAWN } from './arm-look.js';
import { html, type Html } from './html.js';

/** The name of an arm with its shape, in its colour. */
export const armLabel = (arm: ArmName): Html =>
  html`<span class="arm arm-${arm}"><i aria-hidden="true">${ARM_LOOK[arm].sign}</i> ${arm}</span>`;

/** Where the raw blocks of a scenario stand on the page. */
export const rawId = (scenario: string, arm?: ArmName): string => (arm ? `raw-${scenario}-${arm}` : `raw-${scenario}`);

/** A number that leads to the blocks that it was computed from. */
export const toRaw = (text: string | Html, scenario: string, arm?: ArmName): Html =>
  html`<a class="raw" href="#${rawId(scenario, arm)}">${text}</a>`;

/** A scenario as the source of a sentence: over how many orders, in all arms, and where its blocks stand. */
export function source(run: RunResult, scenario: string): Html {
  const blocks = run.blocks.filter((block) => block.scenario === scenario && block.valid);
  const n = blocks.reduce((sum, { points }) => sum + points.length, 0);
  return html`<span class="source">${toRaw(`${scenario}, n = ${n}`, scenario)}</span>`;
}

export const wasRun = (run: RunResult, scenario: string): boolean =>
  run.blocks.some((block) => block.scenario === scenario);

/** A section of the page; every one has a heading that can be linked to. */
export const section = (id: string, title: string, lead: string | Html, body: Html | (Html | false)[]): Html =>
  html` <section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${lead && html`<p class="lead">${lead}</p>`} ${body}
  </section>`;

/** Why a section is empty, in one line. */
export function notRun(run: RunResult, scenarios: readonly string[]): Html {
  const where = run.tier === 'chosen' ? 'not run this time' : 'not run in this tier';
  const how = `npm run compare -- ${scenarios.join(' ')}`;
  return html`<p class="not-run">
    ${scenarios.join(', ')}: ${where}. <code>${how}</code> runs ${scenarios.length > 1 ? 'them' : 'it'}.
  </p>`;
}

/** The arms that are drawn, as far as they were run. */
export const legend = (run: RunResult, more: Html | false = false): Html =>
  html` <p class="legend">
    ${DRAWN.filter((arm) => run.blocks.some((block) => block.arm === arm)).map((arm) => html`${armLabel(arm)} `)}${more}
  </p>`;
