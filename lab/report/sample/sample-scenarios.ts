import { ARM_NAMES, type ArmName } from '../../model/arm.js';
import type { Block, Prediction, ScenarioResult } from '../../model/run-result.js';
import { sampleBlock } from './sample-blocks.js';

type Curve = ScenarioResult['curves'][number];
export interface SampleScenario extends Pick<ScenarioResult, 'id' | 'title' | 'question'> {
  blocks: Block[];
  notes?: string[];
  curves?: Curve[];
  predictions?: Prediction[];
}

export const FOUR: ArmName[] = ['sync', 'sync-hardened', 'async-local', 'async'];
const pairs = [0, 1, 2];

const withPairs = (arms: readonly ArmName[], make: (arm: ArmName, pair: number) => Block[]) =>
  pairs.flatMap((pair) => arms.flatMap((arm) => make(arm, pair)));

export const baseline = (seed: number): SampleScenario => ({
  id: 'S0',
  title: 'Baseline',
  question: 'What does the outbox cost when nothing breaks?',
  blocks: withPairs(FOUR, (arm, pair) => [sampleBlock({ scenario: 'S0', arm, pair }, { seed })]),
});

export const equals = (seed: number): SampleScenario => ({
  id: 'AA',
  title: 'A against A',
  question: 'How far apart does one design come from itself?',
  blocks: ['A', "A'"].map((variant, i) =>
    sampleBlock({ scenario: 'AA', arm: 'async', variant }, { seed: seed + 90 + i }),
  ),
});

export const chain = (seed: number): SampleScenario => ({
  id: 'S1',
  title: 'Chain length',
  question: 'What does each further module add?',
  blocks: withPairs(FOUR, (arm, pair) =>
    [1, 2, 3, 4, 5, 6].map((calls) =>
      sampleBlock(
        { scenario: 'S1', arm, pair, variant: `${calls} modules`, variantValue: calls },
        { seed: seed + calls, calls },
      ),
    ),
  ),
  curves: (['acknowledged p50', 'all effects p50'] as const).map((name) => ({
    name, arm: 'sync-hardened', x: 'slow calls', y: 'ms', kind: 'theory',
    points: [1, 2, 3, 4, 5, 6].map((n) => [n, 22 + 10 * n]),
  })), // prettier-ignore
});

export const slowModule = (seed: number, delays: readonly number[]): SampleScenario => ({
  id: 'S2',
  title: 'Slow module',
  question: 'Does slow billing stop orders?',
  blocks: withPairs(FOUR, (arm, pair) =>
    delays.map(
      (billingMs) =>
      sampleBlock(
        {
          scenario: 'S2', arm, pair, variant: `${billingMs} ms`, variantValue: billingMs,
          faults: [{ name: 'billing slow', fromS: 0, toS: 6, evidence: 'knob of the stand-in' }],
        },
        { seed: seed + billingMs, billingMs, rate: 20 },
      ), // prettier-ignore
    ),
  ),
  curves: (['acknowledged p95', 'all effects p95'] as const).map((name) => ({
    name, arm: 'sync-hardened', x: 'billing takes, ms', y: 'ms', kind: 'theory',
    points: delays.map((d) => [d, d <= 500 ? d + 25 : 5000]),
  })), // prettier-ignore
});

const lossesOf: Partial<Record<ArmName, number>> = { 'sync-after-commit': 9, 'async-dual-write': 14 };

export const kill = (seed: number, kills: number): SampleScenario => ({
  id: 'S5',
  title: 'kill -9 between commit and call',
  question: 'Are effects lost?',
  blocks: ARM_NAMES.flatMap((arm) =>
    Array.from({ length: kills }, (_, pair) => {
      const lost = pair === 0 ? (lossesOf[arm] ?? 0) : 0;
      return sampleBlock(
        {
          scenario: 'S5', arm, pair, metrics: { lost }, anomalies: lost ? { lost } : {},
          faults: [{ name: 'kill -9', fromS: 2, toS: 3, evidence: 'pid 4711 ended by SIGKILL' }],
          witnesses: lost === 0 ? [] : [witness(arm)],
        },
        { seed: seed + 7, seconds: 4 },
      ); // prettier-ignore
    }),
  ),
});

const witness = (arm: ArmName): Block['witnesses'][number] => ({
  anomaly: 'lost',
  orderId: '0190f3c2-7a11-7c3e-8f00-5b1f5d3a9e01',
  effect: 'invoice',
  culprit: arm === 'async-dual-write' ? 'not in the topic' : 'no effect row',
  timeline: [
    { atMs: 0, where: 'client', what: 'POST /orders' },
    { atMs: 9, where: 'orders', what: 'row committed' },
    { atMs: 10, where: 'shop', what: 'SIGKILL' },
    { atMs: 1450, where: 'shop', what: 'started again' },
  ],
});

export const outage = (id: 'S4' | 'S6', of: 'billing' | 'kafka', seed: number): SampleScenario => ({
  id,
  title: id === 'S4' ? 'Outage and drain' : 'Broker down',
  question: id === 'S4' ? 'Who stands still while billing is down?' : 'Who needs the broker?',
  blocks: withPairs(FOUR, (arm, pair) => [
    sampleBlock({ scenario: id, arm, pair }, { seed: seed + 40, seconds: 18, outage: { of, fromS: 5, toS: 11 } }),
  ]),
});

export const redelivery = (seed: number): SampleScenario => ({
  id: 'S7',
  title: 'Delivered twice',
  question: 'Do effects happen exactly once?',
  blocks: withPairs(FOUR, (arm, pair) => [sampleBlock({ scenario: 'S7', arm, pair }, { seed: seed + 60 })]),
});

/** Share of orders whose effects are not there yet t ms after the acknowledgement. */
const staleAt = (half: number): [number, number][] =>
  Array.from({ length: 21 }, (_, i) => [
    i * 20,
    half === 0 ? 0 : Math.round(1000 * Math.exp(-Math.pow((i * 20) / half, 3))) / 1000,
  ]);

export const staleness = (seed: number): SampleScenario => ({
  id: 'S13',
  title: 'Read your own write',
  question: 'How stale is a read, and for how long?',
  blocks: withPairs(FOUR, (arm, pair) => [
    sampleBlock(
      { scenario: 'S13', arm, pair, metrics: { staleP95Ms: { async: 61, 'async-local': 44 }[arm as string] ?? 0 } },
      { seed: seed + 80 },
    ),
  ]),
  curves: FOUR.map((arm) => ({
    name: 'still stale', arm, x: 'after the answer, ms', y: 'share of orders', kind: 'observed',
    points: staleAt({ async: 55, 'async-local': 38 }[arm as string] ?? 0),
  })), // prettier-ignore
});

export const newSubscriber = (seed: number): SampleScenario => ({
  id: 'S12',
  title: 'New subscriber',
  question: 'What does one more module cost, and does it know the past?',
  blocks: (['sync', 'async'] as const).map((arm) => sampleBlock({ scenario: 'S12', arm }, { seed: seed + 81 })),
  notes: [
    'sync: 5 lines added and 1 removed in 2 files of others.',
    'async: 0 lines outside the new module; 120 of 120 earlier orders known.',
  ],
});

export const flaky = (seed: number): SampleScenario => {
  const rates = [0.01, 0.05, 0.2];
  return {
    id: 'S3',
    title: 'Flaky modules',
    question: 'Is availability a product?',
    blocks: FOUR.flatMap((arm) =>
      rates.map((refusing) =>
        sampleBlock({ scenario: 'S3', arm, variant: `${refusing}`, variantValue: refusing }, { seed, refusing }),
      ),
    ),
    curves: [
      {
        name: 'accepted', arm: 'sync', x: 'each call fails, share', y: 'accepted, share', kind: 'theory',
        points: rates.map((q) => [q, 1 - q]),
      },
    ], // prettier-ignore
  };
};

/** Scenarios that say something by their verdicts only. */
export const plain = (id: string, title: string, question: string, seed: number): SampleScenario => ({
  id,
  title,
  question,
  blocks: FOUR.map((arm) => sampleBlock({ scenario: id, arm }, { seed: seed + id.length })),
});
