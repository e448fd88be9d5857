import { z } from 'zod';
import { ARM_NAMES } from './arm.js';

/** `result.json` of a run: all that the terminal, the page and `diff` show. Its JSON Schema is written from here. */
const armName = z.enum(ARM_NAMES);

export const VERDICTS = ['PASS', 'FAIL', 'UNKNOWN'] as const;
export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12'] as const;
export const ANOMALIES = ['lost', 'twice', 'ghost', 'reordered', 'stuck', 'in-doubt'] as const;

/** One invariant on one block. */
export const Check = z.object({
  invariant: z.enum(INVARIANTS),
  verdict: z.enum(VERDICTS),
  /** One sentence: what was found, or what is missing to say. */
  finding: z.string(),
  /** Over how many things it was asked; a zero of n means at most 3/n. */
  of: z.int(),
  violations: z.int(),
});

/** One anomaly with its whole timeline; at most three for each kind in a block. */
export const Witness = z.object({
  anomaly: z.enum(ANOMALIES),
  orderId: z.string(),
  /** The effect that is lost or twice, and where on the loss ladder it ends: the first missing step. */
  effect: z.string(),
  culprit: z.string(),
  timeline: z.array(z.object({ atMs: z.number(), where: z.string(), what: z.string() })),
});

/** Of one second of a block, from the start of its load. */
export const Second = z.object({
  second: z.int(),
  placed: z.int(),
  accepted: z.int(),
  refused: z.int(),
  ackP50Ms: z.number().nullable(),
  ackP95Ms: z.number().nullable(),
  /** Orders accepted so far whose effects are not all done. */
  backlog: z.int(),
  oldestMs: z.number(),
});

/** One order of a block: [intended, from the start of the load; acknowledged after; all effects after, null = never; outcome]. */
export const Point = z.tuple([z.number(), z.number(), z.number().nullable(), z.enum(['ok', 'fail', 'info'])]);

/** One arm under one load for some seconds: the unit of evidence. */
export const Block = z.object({
  id: z.string(),
  scenario: z.string(),
  arm: armName,
  /** Blocks of the same pair ran one after the other under the same arrivals. */
  pair: z.int(),
  /** `A` and `A'` of an A/A block, a delay, a number of modules…; with its number where it has one. */
  variant: z.string().default(''),
  variantValue: z.number().optional(),
  /** Control arms and repeats after an invalid block say so. */
  startedAt: z.string(),
  plannedRate: z.number(),
  achievedRate: z.number(),
  valid: z.boolean(),
  invalidBecause: z.string().optional(),
  /** p99 of the delay of the generator itself, in milliseconds: printed, not judged. */
  generatorDelayP99Ms: z.number(),
  /** Names are those of METRICS. */
  metrics: z.record(z.string(), z.number()),
  checks: z.array(Check),
  anomalies: z.partialRecord(z.enum(ANOMALIES), z.int()),
  /** Those of them that a fault of the lab explains: a mail that was on its way when its process died. */
  explained: z.partialRecord(z.enum(ANOMALIES), z.int()).optional(),
  witnesses: z.array(Witness),
  seconds: z.array(Second),
  /** From … to second of the load, when something was broken. */
  faults: z.array(z.object({ name: z.string(), fromS: z.number(), toS: z.number(), evidence: z.string() })),
  points: z.array(Point),
});

/** What a metric is called, in which unit, and whether less of it is better. */
export const METRICS = {
  ackP50Ms: { name: 'acknowledged p50', unit: 'ms', better: 'less' },
  ackP95Ms: { name: 'acknowledged p95', unit: 'ms', better: 'less' },
  ackP99Ms: { name: 'acknowledged p99', unit: 'ms', better: 'less' },
  effectsP50Ms: { name: 'all effects p50', unit: 'ms', better: 'less' },
  effectsP95Ms: { name: 'all effects p95', unit: 'ms', better: 'less' },
  effectsMaxMs: { name: 'all effects, the last', unit: 'ms', better: 'less' },
  acceptedShare: { name: 'accepted', unit: 'share', better: 'more' },
  /** Of all planned orders those with every effect exactly once within 10 s. */
  goodput: { name: 'done within 10 s', unit: 'share', better: 'more' },
  refused: { name: 'refused or unanswered', unit: 'orders', better: 'less' },
  lost: { name: 'effects lost', unit: 'effects', better: 'less' },
  twice: { name: 'effects twice', unit: 'effects', better: 'less' },
  ghosts: { name: 'effects of no order', unit: 'effects', better: 'less' },
  reordered: { name: 'events out of order', unit: 'events', better: 'less' },
  staleP95Ms: { name: 'stale for, p95', unit: 'ms', better: 'less' },
  drainS: { name: 'drained after the heal', unit: 's', better: 'less' },
  /** User and system time of the shop, of PostgreSQL and of the broker while the load ran, by accepted order. */
  cpuMsPerOrder: { name: 'CPU per order', unit: 'ms', better: 'less' },
  shopCpuMsPerOrder: { name: 'CPU per order, shop', unit: 'ms', better: 'less' },
  postgresCpuMsPerOrder: { name: 'CPU per order, PostgreSQL', unit: 'ms', better: 'less' },
  brokerCpuMsPerOrder: { name: 'CPU per order, broker', unit: 'ms', better: 'less' },
  walKbPerOrder: { name: 'WAL per order', unit: 'kB', better: 'less' },
  /** What tables, indexes and topics grew by. */
  tableKbPerOrder: { name: 'tables per order', unit: 'kB', better: 'less' },
  statementsPerOrder: { name: 'transactions per order', unit: '', better: 'less' },
  shopRssMb: { name: 'memory, shop', unit: 'MB', better: 'less' },
  brokerRssMb: { name: 'memory, broker', unit: 'MB', better: 'less' },
} as const satisfies Record<string, { name: string; unit: string; better: 'less' | 'more' }>;
export type MetricName = keyof typeof METRICS;

/** Two arms on one metric over the pairs of one scenario: ratio = arm / against. */
export const Comparison = z.object({
  metric: z.string(),
  arm: armName,
  against: armName,
  variant: z.string().default(''),
  pairs: z.int(),
  ratio: z.number(),
  /** 95 %, paired bootstrap. */
  low: z.number(),
  high: z.number(),
  verdict: z.enum(['arm better', 'against better', 'no measurable difference', 'unknown']),
});

/** What was said beforehand about an arm in a scenario, and what came. */
export const Prediction = z.object({
  arm: armName,
  predicted: z.string(),
  observed: z.string(),
  outcome: z.enum(['as predicted', 'surprise', 'unknown']),
});

export const ScenarioResult = z.object({
  id: z.string(),
  title: z.string(),
  question: z.string(),
  budgetS: z.number(),
  tookS: z.number(),
  predictions: z.array(Prediction),
  comparisons: z.array(Comparison),
  blocks: z.array(z.string()),
  /** Sentences that only this scenario has: lines changed in S12, P(stale at t) in S13. */
  notes: z.array(z.string()),
  /** Points of a curve that only this scenario has: theory and observation over a variant. */
  curves: z.array(
    z.object({
      name: z.string(),
      arm: armName,
      x: z.string(),
      y: z.string(),
      kind: z.enum(['observed', 'theory']),
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
});

/** One of the eight rows that stand for all: fixed before anything is measured. */
export const HeadlineRow = z.object({
  id: z.enum([
    'acknowledged-p95',
    'effects-p95',
    'accepted-billing-slow',
    'lost-on-kill',
    'accepted-kafka-down',
    'twice-after-redelivery',
    'stale-p95',
    'cpu-per-order',
  ]),
  metric: z.string(),
  scenario: z.string(),
  cells: z.partialRecord(armName, z.string()),
  /** The numbers behind the cells. */
  values: z.partialRecord(armName, z.number()),
  /** How many orders, kills or pairs stand behind a cell. */
  n: z.partialRecord(armName, z.int()),
  /** e.g. `sync better`, `async better`, `no measurable difference`, `not run`. */
  verdict: z.string(),
  /** Ratio and interval behind the verdict, where it is one of pairs. */
  comparison: Comparison.optional(),
  /** What the reader must know about this row: how slow billing was. */
  note: z.string().optional(),
});

export const RunResult = z.object({
  schema: z.literal('switchyard/compare/1'),
  tier: z.enum(['quick', 'standard', 'chosen']),
  command: z.string(),
  startedAt: z.string(),
  tookS: z.number(),
  seed: z.int(),
  commit: z.string(),
  complete: z.boolean(),
  /** Why it is not: Ctrl-C, no Kafka here, a full disk. */
  incompleteBecause: z.string().optional(),
  /** What one host hides, what stays UNKNOWN. */
  caveats: z.array(z.string()),
  env: z.object({
    machine: z.string(),
    cores: z.int(),
    memoryGb: z.number(),
    node: z.string(),
    postgres: z.string(),
    kafka: z.string().nullable(),
    /** Read back from each arm's server: fsync, synchronous_commit, connections, cores; equal in all arms or UNKNOWN. */
    fairness: z.array(z.object({ what: z.string(), values: z.partialRecord(armName, z.string()), equal: z.boolean() })),
    /** The idle broker in the blocks of sync. */
    idleBroker: z.object({ cpuShare: z.number(), rssMb: z.number() }).nullable(),
  }),
  /** Noise floor by metric: the interval of A against A. */
  floor: z.record(z.string(), z.object({ low: z.number(), high: z.number(), pairs: z.int() })),
  arms: z.array(z.object({ name: armName, what: z.string(), run: z.boolean(), because: z.string().optional() })),
  scenarios: z.array(ScenarioResult),
  blocks: z.array(Block),
  headline: z.array(HeadlineRow),
  /** "What Kafka gave here over the database alone: …" */
  kafkaSentence: z.string(),
  /** One and the same order in each arm. */
  waterfalls: z.array(
    z.object({
      arm: armName,
      orderId: z.string(),
      steps: z.array(z.object({ what: z.string(), fromMs: z.number(), toMs: z.number() })),
    }),
  ),
  verdict: z.enum(['as predicted', 'surprise', 'unknown']),
});

export type Check = z.infer<typeof Check>;
export type Witness = z.infer<typeof Witness>;
export type Second = z.infer<typeof Second>;
export type Point = z.infer<typeof Point>;
export type Block = z.infer<typeof Block>;
export type Comparison = z.infer<typeof Comparison>;
export type Prediction = z.infer<typeof Prediction>;
export type ScenarioResult = z.infer<typeof ScenarioResult>;
export type HeadlineRow = z.infer<typeof HeadlineRow>;
export type RunResult = z.infer<typeof RunResult>;
export type Anomaly = (typeof ANOMALIES)[number];
export type Invariant = (typeof INVARIANTS)[number];
