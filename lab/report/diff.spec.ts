import { diff } from './diff.js';
import { diffText } from './print-diff.js';
import { sampleRun } from './sample/sample-run.js';
import { headline } from './headline.js';

const before = sampleRun({ tier: 'quick' });

describe('two runs', () => {
  it('that are equal have changed in nothing', () => {
    expect(diff(before, before).changes.filter(({ kind }) => kind !== 'same')).toEqual([]);
    expect(diffText(before, before)).toMatch(/^Nothing changed beyond the intervals of both runs\./);
  });

  it('differ where their intervals do not touch, and not because of noise', () => {
    const after = structuredClone(before);
    for (const block of after.blocks) {
      if (block.arm === 'async') block.metrics.cpuMsPerOrder! *= 3;
      block.metrics.ackP95Ms! *= 1.001;
    }
    after.headline = headline(after);
    const { changes } = diff(before, after);
    expect(changes.filter(({ kind }) => kind === 'worse').map(({ metric, arm }) => `${metric} ${arm}`)).toEqual([
      'CPU an order async',
    ]);
    expect(diff(after, before).changes.find(({ kind }) => kind === 'better')).toMatchObject({ metric: 'CPU an order' });
  });

  it('differ when one loses what the other keeps', () => {
    const after = structuredClone(before);
    after.blocks.find(({ scenario, arm }) => scenario === 'S5' && arm === 'async')!.metrics.lost = 2;
    after.headline = headline(after);
    expect(diff(before, after).changes.filter(({ kind }) => kind === 'worse')).toEqual([
      {
        metric: 'lost on kill -9',
        arm: 'async',
        before: '0 of 5 kills (≤ 60 %)',
        after: '2 in 5 kills',
        kind: 'worse',
      },
    ]);
  });

  it('say what makes them unlike, which outcomes are others, and what a single block cannot tell', () => {
    const after = structuredClone(before);
    after.env.machine = 'another';
    after.scenarios[0]!.predictions[0]!.outcome = 'surprise';
    after.blocks = after.blocks.filter(({ pair }) => pair === 0);
    after.headline = headline(after);
    const text = diffText(before, after);
    expect(text).toContain('machine: made up, for a test → another');
    expect(text).toContain('S5 sync: as predicted → surprise');
    expect(text).toContain('Cannot tell, with a single block: ');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
