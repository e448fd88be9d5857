import { sampleRun } from './sample/sample-run.js';
import { COLUMNS, rowAsItEnds, tableOf } from './table.js';

const quick = sampleRun({ tier: 'quick' });
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the table in the terminal', () => {
  it('has eight rows, one verdict each, and fits into 80 columns', () => {
    for (const run of [quick, sampleRun(), sampleRun({ withoutKafka: true })]) {
      const text = tableOf(run);
      expect(widest(text)).toBeLessThanOrEqual(COLUMNS);
      expect(text.split('\n')[0]).toMatch(/metric +│ sync-hardened *│ async-local +│ async +│ verdict/);
      expect(text.match(/[─┼]+\n/g)).toHaveLength(8);
    }
  });

  it('says of a zero over how many, and how many it may hide', () => {
    expect(tableOf(quick)).toMatch(/lost on kill -9 +│ 0 of 5 kills.*\n.*\(≤ 60 %\)/);
    expect(tableOf(quick)).toMatch(/0 of 360 .*\n.*\(≤ 0\.8 %\)/);
  });

  it('cuts no number short', () => {
    const run = structuredClone(quick);
    run.headline.find(({ id }) => id === 'lost-on-kill')!.cells.async = '12345 in 30 kills';
    expect(tableOf(run)).toMatch(/│ 12345 in 30 .*\n.*│ kills/);
    expect(tableOf(run)).not.toContain('…');
  });

  it('shows both clocks, the noise floor, and that few pairs are rough', () => {
    const text = tableOf(quick);
    expect(text).toContain('acknowledged p95');
    expect(text).toContain('all effects p95');
    expect(text).toMatch(/Noise floor, one design against itself in 1 pair: acknowledged p95 ×1\.\d/);
    expect(text).toContain('rough');
    expect(tableOf(sampleRun())).not.toContain('rough');
  });

  it('says why a design was not run, and that the run is incomplete', () => {
    const text = tableOf(sampleRun({ withoutKafka: true }));
    expect(text).toMatch(/not run: .*\n.*no Kafka here/);
    expect(text).toContain('INCOMPLETE: no Kafka here.');
    expect(text).toContain('What Kafka gave here over the database alone: unknown, because async did not\nrun.');
  });

  it('names a surprise and a block that does not count', () => {
    const run = structuredClone(quick);
    run.scenarios[0]!.predictions[0] = { arm: 'sync', predicted: 'none', observed: '3 lost', outcome: 'surprise' };
    run.blocks[0]!.valid = false;
    expect(tableOf(run)).toContain('S5 sync: surprise: 3 lost');
    expect(tableOf(run)).toContain(`Not valid, and left out: ${run.blocks[0]!.id}.`);
  });
});

describe('a scenario that has ended', () => {
  it('says at once what it showed', () => {
    const text = rowAsItEnds(
      quick.scenarios.find(({ id }) => id === 'S5')!,
      quick,
    );
    expect(text).toMatch(/^S5 kill -9 between commit and call \(61 of 70 s\): as predicted\n/);
    expect(text).toContain('lost on kill -9: sync-hardened 0 of 5 kills (≤ 60 %)');
    expect(widest(text)).toBeLessThanOrEqual(COLUMNS);
  });
});
