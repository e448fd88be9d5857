import type { ArmName } from '../../model/arm.js';
import type { Block, Check, Second } from '../../model/run-result.js';
import { quantile } from '../../statistics/index.js';
import { blockOf } from './block.js';
import { simulate, type Situation } from './simulated-shop.js';

const LIMIT_MS = 60_000;
const DONE_MS = 10_000;

const acks = (points: Block['points']) => points.map(([, ackMs]) => ackMs);
const q = (values: (number | null)[], share: number) => quantile(values, share, LIMIT_MS)?.value ?? 0;

export function metricsOf(points: Block['points'], arm: ArmName, noise: number): Record<string, number> {
  const accepted = points.filter(([, , , outcome]) => outcome === 'ok');
  const effects = accepted.map(([, , effectsMs]) => effectsMs);
  const local = arm === 'async-local' ? 1 : 0;
  const kafka = arm.startsWith('async') && !local ? 1 : 0;
  const cpu = { shop: 6 + 2 * local + 4.5 * kafka, postgres: 3.2 + 2.6 * (local + kafka), broker: 3.4 * kafka };
  return {
    ackP50Ms: q(acks(points), 0.5),
    ackP95Ms: q(acks(points), 0.95),
    effectsP50Ms: q(effects, 0.5),
    effectsP95Ms: q(effects, 0.95),
    effectsMaxMs: q(effects, 1),
    acceptedShare: accepted.length / points.length,
    goodput: effects.filter((ms) => ms !== null && ms <= DONE_MS).length / points.length,
    refused: points.length - accepted.length,
    lost: 0,
    twice: 0,
    ghosts: 0,
    reordered: 0,
    shopCpuMsPerOrder: cpu.shop * noise,
    postgresCpuMsPerOrder: cpu.postgres * noise,
    brokerCpuMsPerOrder: cpu.broker * noise,
    cpuMsPerOrder: (cpu.shop + cpu.postgres + cpu.broker) * noise,
    walKbPerOrder: (7.1 + 6.4 * (local + kafka)) * noise,
    statementsPerOrder: 1 + 9 * (local + kafka),
    shopRssMb: 118 + 9 * (local + kafka),
    brokerRssMb: kafka ? 402 : 0,
    tableKbPerOrder: (3.4 + 1.1 * (local + kafka)) * noise,
  };
}

export function secondsOf(points: Block['points'], seconds: number): Second[] {
  return Array.from({ length: seconds }, (_, second) => {
    const end = (second + 1) * 1000;
    const placed = points.filter(([at]) => at >= end - 1000 && at < end);
    const ok = placed.filter(([, , , outcome]) => outcome === 'ok');
    const open = points.filter(
      ([at, ack, effects, outcome]) => outcome === 'ok' && at + ack <= end && (effects === null || at + effects > end),
    );
    return {
      second,
      placed: placed.length,
      accepted: ok.length,
      refused: placed.length - ok.length,
      ackP50Ms: placed.length === 0 ? null : q(acks(placed), 0.5),
      ackP95Ms: placed.length === 0 ? null : q(acks(placed), 0.95),
      backlog: open.length,
      oldestMs: Math.max(0, ...open.map(([at]) => end - at)),
    };
  });
}

const passed = (invariant: Check['invariant'], of: number): Check => ({
  invariant,
  verdict: 'PASS',
  finding: 'Nothing was found.',
  of,
  violations: 0,
});

/** A block of a made-up shop, with all that a measured one has. */
export function sampleBlock(
  about: Partial<Block> & { scenario: string; arm: ArmName },
  situation: Partial<Situation>,
): Block {
  const { arm, pair = 0 } = about;
  const seed = (situation.seed ?? 1) + 31 * pair;
  const seconds = situation.seconds ?? 6;
  const rate = situation.rate ?? 20;
  const points = simulate({ rate, seconds, ...situation, seed, arm });
  const { outage } = situation;
  return blockOf({
    points,
    plannedRate: rate,
    achievedRate: rate,
    seconds: secondsOf(points, seconds),
    faults: outage
      ? [{ name: `${outage.of} down`, fromS: outage.fromS, toS: outage.toS, evidence: 'connection refused' }]
      : [],
    checks: (['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I11', 'I12'] as const).map((i) =>
      passed(i, points.length),
    ),
    ...about,
    metrics: { ...metricsOf(points, arm, 0.97 + 0.02 * ((seed * 7919) % 4)), ...about.metrics },
  });
}
