import type { ArmName } from '../../model/arm.js';
import type { Block, RunResult, ScenarioResult } from '../../model/run-result.js';
import { validBlocks, variantValues } from '../arm-numbers.js';
import { ARM_LOOK, DRAWN } from './arm-look.js';
import { drawStrip, type StripAxes } from './film-strip-chart.js';
import { html, type Html } from './html.js';
import { armLabel, notRun, rawId, section } from './parts.js';

/** What tells most when it is broken, first; the others wait behind a click. */
const MOST_TELLING = ['S4', 'S6', 'S2', 'S15', 'S16', 'S9', 'S19'];
const OPEN = 2;

interface Strip {
  scenario: ScenarioResult;
  blocks: [ArmName, Block][];
}

/** One block of each arm: the first that counts, of the slowest variant where there are several. */
function stripOf(run: RunResult, scenario: ScenarioResult): Strip | undefined {
  const variantValue = variantValues(run, scenario.id).at(-1);
  const blocks = DRAWN.flatMap((arm): [ArmName, Block][] => {
    const block = validBlocks(run, { scenario: scenario.id, arm, variantValue }).find(
      ({ seconds }) => seconds.length > 1,
    );
    return block ? [[arm, block]] : [];
  });
  const broken = blocks.some(([, { faults }]) => faults.length > 0);
  return broken || MOST_TELLING.slice(0, 5).includes(scenario.id)
    ? blocks.length > 0
      ? { scenario, blocks }
      : undefined
    : undefined;
}

/** The same for all arms of a strip, or a small trouble would look like a large one. */
function axesOf(blocks: readonly Block[]): StripAxes {
  const seconds = blocks.flatMap((block) => block.seconds);
  const most = (values: (number | null)[]) => Math.max(1, ...values.map((value) => value ?? 0));
  const firsts = blocks.map((block) => block.seconds.filter((second) => second.placed > 0).length);
  return {
    seconds: Math.max(...blocks.map((block) => block.seconds.length)),
    loadSeconds: Math.max(...firsts),
    orders: most(seconds.map(({ placed }) => placed)),
    ackMs: most(seconds.map(({ ackP95Ms }) => ackP95Ms)),
    backlog: most(seconds.map(({ backlog }) => backlog)),
    oldestMs: most(seconds.map(({ oldestMs }) => oldestMs)),
  };
}

function frame([arm, block]: [ArmName, Block], axes: StripAxes): Html {
  const most = Math.max(0, ...block.seconds.map(({ backlog }) => backlog));
  const label = `${block.scenario} under ${arm}: of ${block.points.length} orders ${block.points.filter((p) => p[3] === 'ok').length} were accepted, at most ${most} waited for effects`;
  return html` <figure class="frame">
    <figcaption>
      ${armLabel(arm)} <a class="raw" href="#${rawId(block.scenario, arm)}">n = ${block.points.length}</a>
    </figcaption>
    ${drawStrip(block, axes, { id: `strip-${block.scenario}-${arm}`, label, colour: ARM_LOOK[arm].colour })}
  </figure>`;
}

function drawn({ scenario, blocks }: Strip): Html {
  const axes = axesOf(blocks.map(([, block]) => block));
  const fault = blocks.flatMap(([, { faults }]) => faults)[0];
  const about = fault ? `${fault.name}: shaded` : 'load alone';
  return html` <h3>
      ${scenario.id} ${scenario.title}
      <small>${about}${fault && !fault.evidence.startsWith('{') && html`; evidence: ${fault.evidence}`}</small>
    </h3>
    <div class="scroll strip" tabindex="0" role="region" aria-label="${scenario.title}, second by second">
      ${blocks.map((one) => frame(one, axes))}
    </div>`;
}

/** Second by second what a fault does to each design, on equal axes. */
export function filmStrip(run: RunResult): Html {
  const rank = (id: string) => (MOST_TELLING.indexOf(id) + MOST_TELLING.length + 1) % (MOST_TELLING.length + 1);
  const strips = run.scenarios
    .flatMap((scenario) => stripOf(run, scenario) ?? [])
    .filter(({ scenario }) => scenario.id !== 'S5')
    .sort((a, b) => rank(a.scenario.id) - rank(b.scenario.id));
  const lead =
    'Bars: orders accepted each second; hatched: refused. Lines: acknowledged p50 and p95 (dashed). Below: orders that wait for effects, and the age of the oldest (dashed). Equal axes for all arms.';
  if (strips.length === 0) return section('strip', 'What a fault looks like', '', notRun(run, ['S4', 'S6']));
  const rest = strips.slice(OPEN);
  return section('strip', 'What a fault looks like', lead, [
    ...strips.slice(0, OPEN).map((strip, i) => html`<div class="${i > 0 && 'second'}">${drawn(strip)}</div>`),
    ...rest.map(
      (strip) =>
        html`<details>
          <summary>${strip.scenario.id} ${strip.scenario.title}</summary>
          ${drawn(strip)}
        </details>`,
    ),
  ]);
}
