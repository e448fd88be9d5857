import type { RunResult } from '../../model/run-result.js';
import { html, type Html } from './html.js';
import { armLabel, section } from './parts.js';

/** How to read the page, and what must not be concluded from it. */
export function reading(run: RunResult): Html {
  return section(
    'reading',
    'How to read this, and what not to conclude',
    '',
    html` <div class="columns">
      <div>
        <h3>How it was measured</h3>
        <ul>
          <li>
            <b>Two clocks.</b> <em>Acknowledged</em> is when the customer has an answer, <em>all effects</em> when
            invoice, charge, shipment, mails and sales are there. Comparing the first of one design with the second of
            the other is the commonest cheat.
          </li>
          <li>
            <b>Open loop.</b> Arrivals are fixed by the seed before a block begins, and every time counts from the
            <em>intended</em> moment: a shop that stalls cannot slow its customers down.
          </li>
          <li>
            <b>The unit of evidence is a block</b>, not a request: one arm under one load. Arms run interleaved in
            random order under the same arrivals; a ratio is the geometric mean over pairs of blocks, its 95 % interval
            a paired bootstrap.
          </li>
          <li>
            <b>The noise floor</b> is how far one design comes from itself (A/A). A difference inside it is called “no
            measurable difference”.
          </li>
          <li><b>Zero</b> of n still allows 3/n. What timed out stays in the data as the limit or more.</li>
          <li><b>Theory</b> (dashed) is a queue model, written down before the run. It promises nothing.</li>
        </ul>
      </div>
      <div>
        <h3>What not to conclude</h3>
        <ul>
          <li>Not which design is better: there is no total score, and the rows contradict each other on purpose.</li>
          <li>
            Not how fast Kafka is: one broker without replicas, reached over loopback, at a rate that is far from its
            limits.
          </li>
          <li>
            Not how fast your shop will be: payment provider, carrier and mail server are stand-ins that answer at once
            unless they are told not to.
          </li>
          <li>
            Nothing from a control arm but that the fault bites: ${armLabel('sync-after-commit')} and
            ${armLabel('async-dual-write')} are there to lose.
          </li>
          ${run.tier === 'quick' && html`<li>Nothing from small differences: a quick run has few short blocks, and its intervals are rough.</li>`}
        </ul>
        <h3>The arms</h3>
        <dl class="arms">
          ${run.arms.map(
            ({ name, what, run, because }) =>
              html`<div>
                <dt>${armLabel(name)}</dt>
                <dd>${what}${!run && html` <em>(not run: ${because ?? 'not asked for'})</em>`}</dd>
              </div>`,
          )}
        </dl>
      </div>
    </div>`,
  );
}

const ALIKE =
  'Read back from the servers while they ran, not from the settings; the same for every arm, or the run is unknown:';

/** What one host hides, and what was read back to show that the arms were treated alike. */
export function oneHost(run: RunResult): Html {
  const inEach = (values: RunResult['env']['fairness'][number]['values']) =>
    Object.entries(values).map(([arm, value]) => `${arm} ${value}`).join(', '); // prettier-ignore
  return section('host', 'What one host hides', '', [
    html`<ul>
      ${run.caveats.map((caveat) => html`<li>${caveat}</li>`)}
    </ul>`,
    run.env.fairness.length > 0 &&
      html` <p>${ALIKE}</p>
        <dl class="facts fairness">
          ${run.env.fairness.map(
            ({ what, values, equal }) =>
              html`<div>
                <dt>${what}</dt>
                <dd>${equal ? html`✓ ${Object.values(values)[0]}` : html`<b class="loud">✕ ${inEach(values)}</b>`}</dd>
              </div>`,
          )}
        </dl>`,
  ]);
}
