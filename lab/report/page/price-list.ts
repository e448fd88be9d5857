import { ARMS, type ArmName } from '../../model/arm.js';
import { METRICS, type MetricName, type RunResult } from '../../model/run-result.js';
import { armNumber } from '../arm-numbers.js';
import { quantity } from '../numbers.js';
import { billOf, type Bill, type Prices } from '../prices.js';
import { DRAWN } from './arm-look.js';
import { html, type Html } from './html.js';
import { armLabel, notRun, section, toRaw, wasRun } from './parts.js';

const MEASURED: MetricName[] = [
  'cpuMsPerOrder',
  'shopCpuMsPerOrder',
  'postgresCpuMsPerOrder',
  'brokerCpuMsPerOrder',
  'walKbPerOrder',
  'tableKbPerOrder',
  'statementsPerOrder',
  'shopRssMb',
  'brokerRssMb',
];

type Row = [string, (arm: ArmName) => Html | string | undefined];

const PROCESSES: Partial<Record<ArmName, string>> = { async: 'shop, PostgreSQL, Kafka' };

const money = (value: number | undefined): string | undefined =>
  value?.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });

function measuredRows(run: RunResult): Row[] {
  return MEASURED.filter((metric) => DRAWN.some((arm) => armNumber(run, { scenario: 'S0', arm }, metric))).map(
    (metric): Row => [
      METRICS[metric].name,
      (arm) => {
        // It stood idle while they ran: that is said below, and is no cost of theirs.
        if (metric.startsWith('broker') && !ARMS[arm].needsKafka) return 'none needed';
        const found = armNumber(run, { scenario: 'S0', arm }, metric);
        return found && toRaw(quantity(metric, found.value), 'S0', arm);
      },
    ],
  );
}

function billRows(run: RunResult, prices: Prices): Row[] {
  const rate = run.blocks.find(({ scenario }) => scenario === 'S0')!.plannedRate;
  const bill = (of: (bill: Bill) => string | undefined) => (arm: ArmName) => {
    const found = billOf(run, arm, prices);
    return found && of(found);
  };
  const rows: Row[] = [
    [`core hours of a month at ${rate} orders/s`, bill(({ coreHours }) => coreHours.toFixed(coreHours < 100 ? 1 : 0))],
  ];
  if (prices.coreHour !== undefined) rows.push([`× ${prices.coreHour} a core hour`, bill(({ cpu }) => money(cpu))]);
  if (prices.brokerMonth !== undefined)
    rows.push([`broker, ${prices.brokerMonth} a month`, bill(({ broker }) => money(broker))]);
  if (prices.coreHour !== undefined && prices.brokerMonth !== undefined)
    rows.push(['together, a month', bill(({ total }) => money(total))]);
  return rows;
}

/** The notes of S12 say which lines a new subscriber touched. */
function newSubscriber(run: RunResult): Html {
  const notes = run.scenarios.find(({ id }) => id === 'S12')?.notes ?? [];
  if (notes.length === 0) return notRun(run, ['S12']);
  return html`<h3>One more module (S12)</h3>
    <ul>
      ${notes.map((note) => html`<li>${note} ${toRaw('S12', 'S12')}</li>`)}
    </ul>`;
}

/** Amounts that only show how it is written. */
const EXAMPLES = { coreHour: '--price-core-hour 0.05', brokerMonth: '--price-broker-month 150' };

function hint(prices: Prices): Html | false {
  const missing = (['coreHour', 'brokerMonth'] as const).filter((name) => prices[name] === undefined);
  const words = missing.map((name) => EXAMPLES[name]).join(' ');
  return (
    missing.length > 0 &&
    html`<p class="not-run">Your prices turn this into money, for example <code>npm run compare -- ${words}</code></p>`
  );
}

const idle = ({ env }: RunResult): Html | false =>
  env.idleBroker !== null &&
  html`<p>
    The broker stood idle in the blocks of sync: ${Math.round(env.idleBroker.rssMb)} MB and
    ${(env.idleBroker.cpuShare * 100).toFixed(1)} % of a core. That is the standing cost of async; it is in no row of
    sync.
  </p>`;

/** What each design uses, measured, times what the reader pays. */
export function priceList(run: RunResult, prices: Prices): Html {
  const title = 'The price list';
  if (!wasRun(run, 'S0')) return section('prices', title, '', [notRun(run, ['S0']), newSubscriber(run)]);
  const arms = DRAWN.filter((arm) => armNumber(run, { scenario: 'S0', arm }, 'ackP95Ms'));
  const rows: Row[] = [
    ['standing processes', (arm) => PROCESSES[arm] ?? 'shop, PostgreSQL'],
    ...measuredRows(run),
    ...billRows(run, prices),
  ];
  const n = arms.map((arm) => armNumber(run, { scenario: 'S0', arm }, 'ackP95Ms')!.n);
  return section(
    'prices',
    title,
    `Measured in S0, while nothing was broken; middles over the blocks, n = ${Math.min(...n)} orders for each arm.`,
    [
      html` <div class="scroll" tabindex="0" role="region" aria-label="Price list">
        <table class="prices">
          <caption class="hidden">
            What an order and a month cost, by arm
          </caption>
          <thead>
            <tr>
              <td></td>
              ${arms.map((arm) => html`<th scope="col">${armLabel(arm)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([name, cell]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${arms.map((arm) => html`<td>${cell(arm) ?? 'not measured'}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
      html`${idle(run)}${hint(prices)}${newSubscriber(run)}`,
    ],
  );
}
