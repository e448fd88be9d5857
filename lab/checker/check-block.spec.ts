import { ARM_NAMES } from '../model/arm.js';
import { type BlockVerdict, checkBlock } from './check-block.js';
import { BAD } from './fixtures/bad-stories.js';
import { cleanStory, type ShopStory, USER } from './fixtures/shop-story.js';

const judged = (story: ShopStory): BlockVerdict => checkBlock(story);
const notPassed = ({ checks }: BlockVerdict) => checks.filter(({ verdict }) => verdict !== 'PASS');

describe('the checker', () => {
  it.each(ARM_NAMES)('passes everything in a clean history of %s', (arm) => {
    const verdict = judged(cleanStory(arm));
    expect(notPassed(verdict)).toEqual([]);
    expect(verdict).toMatchObject({ anomalies: {}, witnesses: [], surprises: [], achievedShare: 1 });
    for (const { effectsMs, ackMs } of verdict.perOrder.values()) {
      expect(ackMs).toBe(11);
      expect(effectsMs).toBeGreaterThan(0);
    }
  });

  it.each(BAD)('catches by $caught alone that $what', ({ caught, as, arm, spoil }) => {
    const story = cleanStory(arm);
    spoil(story);
    const verdict = judged(story);
    const wanted = as === 'unknown' ? 'UNKNOWN' : 'FAIL';
    expect(notPassed(verdict).map(({ invariant, verdict: said }) => [invariant, said])).toEqual([[caught, wanted]]);
    expect(Object.keys(verdict.anomalies)).toEqual(as && as !== 'unknown' ? [as] : []);
    expect(verdict.surprises.length > 0).toBe(as !== 'unknown');
  });

  it.each([10, 900])('takes it for no duplicate that a provider gave its first answer again after %d ms', (laterMs) => {
    const story = cleanStory();
    const charge = story.observation.ledger.find(({ key }) => key === 'charge:o-shipped')!;
    story.observation.ledger.push({ ...charge, atMs: charge.atMs + laterMs, repeat: true });
    expect(judged(story)).toMatchObject({ anomalies: {}, surprises: [] });
  });

  it.each([
    ['between its first and its second coming', 0, 1],
    ['long before', -60_000, 0],
    ['long after', 60_000, 0],
  ])('counts a second mail always, and is surprised unless a fault was %s', (_, afterMs, explained) => {
    const story = cleanStory();
    const mail = story.observation.ledger.find(({ key }) => key === 'order_received.o-too')!;
    story.observation.ledger.push({ ...mail, atMs: mail.atMs + 3000, repeat: true });
    const fault = { block: story.planned.id, f: 'fault' as const, name: 'kill -9' };
    const atMs = mail.atMs + afterMs;
    story.history.push(
      { ...fault, type: 'start', atMs },
      { ...fault, type: 'stop', atMs: atMs + 1000, evidence: 'pid' },
    );
    const verdict = judged(story);
    expect(verdict.anomalies).toEqual({ twice: 1 });
    expect(verdict.explained).toEqual(explained ? { twice: 1 } : {});
    expect(verdict.surprises).toHaveLength(1 - explained);
  });

  it('counts requests without an answer, and calls them no surprise', () => {
    const story = cleanStory();
    const answer = story.history.find((line) => line.type === 'ok' && line.f === 'place')!;
    Object.assign(answer, { type: 'info', http: undefined, code: 'timeout' });
    const verdict = judged(story);
    expect(verdict).toMatchObject({ anomalies: { 'in-doubt': 1 }, surprises: [] });
    expect(notPassed(verdict)).toEqual([]);
    expect(verdict.perOrder.get('o-shipped')).toMatchObject({ outcome: 'info', exactlyOnce: true });
  });

  it('says what is beyond what a scenario allows to an arm', () => {
    const story = cleanStory('async-dual-write');
    const gone = ({ orderId, effect }: { orderId: string; effect: string }) =>
      orderId !== USER && effect === 'invoice.opened';
    story.observation.effects = story.observation.effects.filter((row) => !gone(row));
    const saidWith = (allowed: ShopStory['planned']['allowed']) =>
      checkBlock({ ...story, planned: { ...story.planned, allowed } }).surprises;
    expect(saidWith({})).toEqual(['5 lost, at most 0 were predicted']);
    expect(saidWith({ lost: 4 })).toEqual(['5 lost, at most 4 were predicted']);
    expect(saidWith({ lost: 5 })).toEqual([]);
    expect(saidWith({ lost: 'any' })).toEqual([]);
  });

  it('gives both clocks of each order, and for how long a reader saw an old state', () => {
    const story = cleanStory('async');
    const reading = story.history.find((line) => line.type === 'ok' && line.f === 'read')!;
    Object.assign(reading, { value: 'placed' });
    const times = judged(story).perOrder.get('o-shipped')!;
    expect(times).toMatchObject({ outcome: 'ok', status: 'shipped', ackMs: 11, exactlyOnce: true });
    expect(times.staleMs).toBe(601 - 11);
    expect(times.effectsMs).toBeCloseTo(7.2, 0);
  });

  it('has a bad history for each invariant', () => {
    const all = Array.from({ length: 12 }, (_, index) => `I${index + 1}`);
    expect([...new Set(BAD.map(({ caught }) => caught))].sort()).toEqual(all.sort());
  });
});
