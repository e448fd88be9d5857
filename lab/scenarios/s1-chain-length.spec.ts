import { ARMS } from '../model/arm.js';
import type { Run } from '../run/bench.js';
import type { Given } from './scenario.js';
import { s1 } from './s1-chain-length.js';

const given: Given = {
  tier: 'standard',
  arms: [ARMS.async],
  rate: 20,
  seed: 1,
  folder: '',
  stopping: new AbortController().signal,
};

/** What S1 says of async when its blocks without a slow call took so long, and those with slow calls so much. */
async function judged(before: number, after: number, ...withCalls: number[]) {
  const times = [before, ...withCalls, after];
  const specs = (await s1.blocks(given)).flat();
  const runs = specs.map((spec, n) => ({
    spec,
    block: { arm: 'async', valid: true, metrics: { effectsP50Ms: times[n], ackP50Ms: 20 }, anomalies: {}, checks: [] },
    judged: { surprises: [], explained: {} },
    purchases: [{ outcome: 'ok' }],
  }));
  return s1.judge(runs as unknown as Run[], given, undefined as never).predictions[0]!;
}

describe('the effects behind a chain of slow calls', () => {
  it('are as predicted when they take as long as the longest path, and a surprise when they take the sum', async () => {
    expect(await judged(200, 220, 260, 310, 310)).toMatchObject({ outcome: 'as predicted' });
    expect(await judged(200, 220, 260, 310, 410)).toMatchObject({ outcome: 'surprise' });
  });

  it('tell nothing when the machine changed between the first block and the last', async () => {
    const { outcome, observed } = await judged(400, 270, 350, 470, 370);
    expect(outcome).toBe('unknown');
    expect(observed).toContain('the machine changed, without a slow call 400 ms before and 270 ms after');
  });
});
