import { headline } from './headline.js';
import { kafkaSentence } from './kafka-sentence.js';
import { sampleRun } from './sample/sample-run.js';

const quick = sampleRun({ tier: 'quick' });

describe('the headline', () => {
  const row = (run: typeof quick, id: string) => headline(run).find((found) => found.id === id)!;

  it('judges async against sync-hardened, row by row', () => {
    expect(Object.fromEntries(headline(sampleRun()).map(({ id, verdict }) => [id, verdict]))).toEqual({
      'acknowledged-p95': 'async better',
      'effects-p95': 'sync better',
      'accepted-billing-slow': 'async better',
      'lost-on-kill': 'no measurable difference',
      'accepted-kafka-down': 'no measurable difference',
      'twice-after-redelivery': 'no measurable difference',
      'stale-p95': 'sync better',
      'cpu-per-order': 'sync better',
    });
  });

  it('takes the slowest billing only, and says how slow it was', () => {
    expect(row(sampleRun(), 'accepted-billing-slow')).toMatchObject({ note: 'billing took 2 s', n: { async: 360 } });
  });

  it('calls one lost effect against none a difference', () => {
    const run = structuredClone(quick);
    run.blocks.find(({ scenario, arm }) => scenario === 'S5' && arm === 'async')!.metrics.lost = 1;
    expect(row(run, 'lost-on-kill')).toMatchObject({ verdict: 'sync better', cells: { async: '1 in 5 kills' } });
  });

  it('counts no second mail that a fault of the lab explains, and every other one', () => {
    const run = structuredClone(quick);
    const block = run.blocks.find(({ scenario, arm }) => scenario === 'S7' && arm === 'async')!;
    Object.assign(block, { anomalies: { twice: 1 }, explained: { twice: 1 } });
    expect(row(run, 'twice-after-redelivery').verdict).toBe('no measurable difference');
    block.anomalies.twice = 2;
    expect(row(run, 'twice-after-redelivery').verdict).toBe('sync better');
  });

  it('says "not run" for a scenario that was not, and "unknown" for a single pair', () => {
    const without = { ...quick, blocks: quick.blocks.filter(({ scenario }) => scenario !== 'S13') };
    expect(row(without, 'stale-p95')).toMatchObject({ verdict: 'not run', cells: {} });
    const single = { ...quick, blocks: quick.blocks.filter(({ pair }) => pair === 0) };
    expect(row(single, 'cpu-per-order').verdict).toBe('unknown');
  });

  it('needs no second pair to tell never from sometimes', () => {
    const single = { ...quick, blocks: quick.blocks.filter(({ pair }) => pair === 0) };
    expect(row(single, 'stale-p95').verdict).toBe('sync better');
  });

  it('prints "at least" where too many effects never came', () => {
    const run = structuredClone(quick);
    const block = run.blocks.find(({ scenario, arm }) => scenario === 'S0' && arm === 'async')!;
    for (const point of block.points.slice(0, 20)) point[2] = null;
    expect(row(run, 'effects-p95').cells.async).toMatch(/^≥ /);
  });

  it('makes no ratio with a zero', () => {
    expect(row(quick, 'stale-p95').comparison).toBeUndefined();
    expect(row(quick, 'stale-p95').cells['sync-hardened']).toBe('0 ms');
  });
});

describe('the sentence about Kafka', () => {
  it('says what was worse with it, and that it may have given nothing', () => {
    expect(quick.kafkaSentence).toMatch(
      /^What Kafka gave here over the database alone: nothing at this rate \(20 orders\/s\); worse with it: all effects p95 ×1\.\d/,
    );
  });

  it('names what was better with it', () => {
    const run = structuredClone(quick);
    for (const block of run.blocks) if (block.arm === 'async') block.metrics.ackP95Ms! /= 10;
    expect(kafkaSentence(run)).toMatch(/database alone: acknowledged p95 ×0\.\d+ \[/);
  });
});
