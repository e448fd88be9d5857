import type { Block } from '../../model/run-result.js';

/** A block for tests: sound, empty, and with what a test cares about. */
export function blockOf(about: Partial<Block>): Block {
  const { scenario = 'S0', arm = 'async', pair = 0, variant = '' } = about;
  return {
    id: `${scenario}.${arm}.${pair}${variant && `.${variant}`}`,
    scenario,
    arm,
    pair,
    variant,
    startedAt: '2026-01-01T12:00:00.000Z',
    plannedRate: 20,
    achievedRate: 20,
    valid: true,
    generatorDelayP99Ms: 1.2,
    metrics: {},
    checks: [],
    anomalies: {},
    witnesses: [],
    seconds: [],
    faults: [],
    points: [],
    ...about,
  };
}
