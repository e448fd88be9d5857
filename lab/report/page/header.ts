import type { RunResult } from '../../model/run-result.js';
import { healthOf } from '../health.js';
import { duration } from '../numbers.js';
import { html, type Html } from './html.js';

const TIERS = {
  quick: 'quick run; its intervals are rough',
  standard: 'standard run, all scenarios',
  chosen: 'chosen scenarios',
} as const;

const SIGNS = { sound: '✓', limited: '△', unsound: '✕' } as const;

const VERDICTS = {
  'as predicted': 'Everything came as predicted.',
  surprise: 'There was a surprise: something came otherwise than predicted.',
  unknown: 'Something stayed unknown.',
} as const;

function badge(run: RunResult): Html {
  const { state, limits, facts } = healthOf(run);
  return html` <aside class="health health-${state}" aria-label="Health of the run">
    <p class="state"><i aria-hidden="true">${SIGNS[state]}</i> The run is ${state}</p>
    ${limits.map((limit) => html`<p class="limit">${limit}.</p>`)}
    <dl>
      ${facts.map(
        ({ what, value }) =>
          html`<div>
            <dt>${what}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </aside>`;
}

/** What this is, how to repeat it, on what it ran, and whether the run was sound. */
export function header(run: RunResult, jsonFile: string): Html {
  const { env, startedAt } = run;
  const facts: [string, string | Html][] = [
    ['when', html`<time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time>, ${duration(run.tookS * 1000)}`],
    ['commit', html`<code>${run.commit}</code>`],
    ['seed', String(run.seed)],
    ['machine', `${env.machine}, ${env.cores} cores, ${env.memoryGb} GB`],
    ['versions', `Node ${env.node.replace(/^v/, '')}, PostgreSQL ${env.postgres}, ${env.kafka ? `Kafka ${env.kafka}` : 'no Kafka here'}`],
  ]; // prettier-ignore
  return html` <header>
    <div class="title">
      <p class="kicker">Switchyard · ${TIERS[run.tier]}</p>
      <h1>One shop, two designs, the same load and the same faults</h1>
      <p class="lead">
        Modules that call each other in one transaction, against a transactional outbox with and without Kafka: who
        waits, who loses, what it costs. ${VERDICTS[run.verdict]}
      </p>
      <p class="command"><code>${run.command}</code></p>
      <dl class="facts">
        ${facts.map(
          ([what, value]) =>
            html`<div>
              <dt>${what}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      <p class="also"><a href="${jsonFile}">The same as JSON</a></p>
    </div>
    ${badge(run)}
  </header>`;
}
