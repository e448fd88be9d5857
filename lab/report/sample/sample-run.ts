import { ARMS, ARM_NAMES, type ArmName } from '../../model/arm.js';
import { METRICS, RunResult, type Prediction, type ScenarioResult } from '../../model/run-result.js';
import { compare, noiseFloor } from '../../statistics/index.js';
import { headline } from '../headline.js';
import { kafkaSentence } from '../kafka-sentence.js';
import * as made from './sample-scenarios.js';

interface Wanted {
  seed?: number;
  tier?: RunResult['tier'];
  /** Leaves out the arms that need Kafka. */
  withoutKafka?: boolean;
}

function scenariosOf(tier: RunResult['tier'], seed: number): made.SampleScenario[] {
  const quick = [
    made.kill(seed, 5),
    made.baseline(seed),
    made.slowModule(seed, [50, 500]),
    made.outage('S6', 'kafka', seed),
    made.redelivery(seed),
    made.staleness(seed),
    made.equals(seed),
  ];
  if (tier === 'quick') return quick;
  return [
    ...quick.filter(({ id }) => id !== 'S2'),
    made.slowModule(seed, [5, 50, 200, 500, 1000, 2000]),
    made.chain(seed),
    made.flaky(seed),
    made.outage('S4', 'billing', seed),
    made.plain('S8', 'Poison', 'How far does one bad event reach?', seed),
    made.plain('S9', 'Rolling restart and killed consumer', 'How long until deliveries go on?', seed),
    made.plain('S10', 'Order', 'Is the sequence of an order kept?', seed),
    made.newSubscriber(seed),
    made.plain('S14', 'Rollback ghosts', 'What is left of an order that was rolled back?', seed),
    made.plain('S15', 'Burst', 'Who bears ten times the load for five seconds?', seed),
    made.plain('S16', 'Retry storm', 'Does it recover when the trigger ends?', seed),
    made.plain('S19', 'Toggling under load', 'Is anything lost when the design changes?', seed),
  ];
}

const predictionOf = (scenario: made.SampleScenario, arm: ArmName): Prediction => {
  const lost = scenario.blocks.some((block) => block.arm === arm && (block.anomalies.lost ?? 0) > 0);
  return {
    arm,
    predicted: ARMS[arm].control && scenario.id === 'S5' ? 'effects are lost' : 'every accepted order gets its effects',
    observed: lost ? 'effects were lost' : 'nothing was lost',
    outcome: 'as predicted',
  };
};

const ALIKE = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  'PostgreSQL connections of a process, at most': '24',
  'cores of the shop': 'all',
  'a broker runs': 'yes',
};

/** The result of a run that never was, for tests of table, page and diff only; the same for the same seed. */
export function sampleRun({ seed = 42, tier = 'standard', withoutKafka = false }: Wanted = {}): RunResult {
  const runs = (arm: ArmName) => !withoutKafka || !ARMS[arm].needsKafka;
  const scenarios = scenariosOf(tier, seed).map((scenario) => ({
    ...scenario,
    blocks: scenario.blocks.filter((block) => runs(block.arm)),
  }));
  const blocks = scenarios.flatMap((scenario) => scenario.blocks);
  const floor = noiseFloor(blocks, seed);
  const results = scenarios.map((scenario): ScenarioResult => {
    const arms = ARM_NAMES.filter((arm) => scenario.blocks.some((block) => block.arm === arm));
    return {
      id: scenario.id,
      title: scenario.title,
      question: scenario.question,
      budgetS: 70,
      tookS: 61,
      predictions: arms.map((arm) => predictionOf(scenario, arm)),
      comparisons: Object.keys(METRICS)
        .filter((metric) => scenario.blocks.every((block) => metric in block.metrics))
        .map((metric) => compare(scenario.blocks, metric, 'async', 'sync-hardened', { seed, floor })),
      blocks: scenario.blocks.map(({ id }) => id),
      notes: scenario.notes ?? [],
      curves: scenario.curves ?? [],
    };
  });
  const ground = { blocks, floor, seed };
  return RunResult.parse({
    schema: 'switchyard/compare/1',
    tier,
    command: tier === 'quick' ? 'npm run compare' : 'npm run compare -- standard',
    startedAt: '2026-01-01T12:00:00.000Z',
    tookS: tier === 'quick' ? 455 : 1711,
    seed,
    commit: '0123abc',
    complete: !withoutKafka,
    ...(withoutKafka && { incompleteBecause: 'no Kafka here' }),
    caveats: [
      'All processes share one host: the network is loopback, and what one process uses the others lack.',
      'There is one broker without replicas: acknowledging costs less, and losing it costs more, than in a cluster.',
      'Payment provider, carrier and mail server are stand-ins that answer at once unless a scenario slows them.',
    ],
    env: {
      machine: 'made up, for a test',
      cores: 2,
      memoryGb: 8,
      node: 'v20.19.0',
      postgres: '18.0',
      kafka: withoutKafka ? null : '4.1.0',
      fairness: Object.entries(ALIKE).map(([what, value]) => ({
        what,
        values: Object.fromEntries(ARM_NAMES.filter(runs).map((arm) => [arm, value])),
        equal: true,
      })),
      idleBroker: withoutKafka ? null : { cpuShare: 0.018, rssMb: 398 },
    },
    floor,
    arms: ARM_NAMES.map((name) => ({
      name,
      what: ARMS[name].what,
      run: runs(name),
      ...(!runs(name) && { because: 'no Kafka here' }),
    })),
    scenarios: results,
    blocks,
    headline: headline(ground),
    kafkaSentence: kafkaSentence(ground),
    waterfalls: waterfalls().filter(({ arm }) => runs(arm)),
    verdict: 'as predicted',
  });
}

/** The effects of one order, one after the other, as each design comes to them. */
const EFFECTS = [
  'order.placed', 'mail order_received', 'sale.recorded', 'payment.captured', 'invoice.opened', 'order.confirmed',
  'mail order_confirmed', 'shipment.scheduled', 'order.shipped',
]; // prettier-ignore

const waterfalls = (): RunResult['waterfalls'] =>
  made.FOUR.map((arm) => {
    const [acknowledged, apart] = arm.startsWith('sync') ? [41, 4.4] : [9, arm === 'async' ? 7.2 : 5.5];
    const at = (i: number) => Math.round((3 + i * apart) * 10) / 10;
    return {
      arm,
      orderId: '0190f3c2-7a11-7c3e-8f00-5b1f5d3a9e77',
      steps: [
        { what: 'acknowledged', fromMs: 0, toMs: acknowledged },
        ...EFFECTS.map((what, i) => ({ what, fromMs: i === 0 ? 0 : at(i - 1), toMs: at(i) })),
      ],
    };
  });
