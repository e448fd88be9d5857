import { crossings } from './crossings.js';
import { decisionSentences } from './decision-sentences.js';
import { healthOf } from './health.js';
import { matrixCell } from './matrix-cells.js';
import { billOf } from './prices.js';
import { sampleRun } from './sample/sample-run.js';
import { whereEachWon } from './where-each-won.js';

const run = sampleRun();

describe('the sentences to decide by', () => {
  const sentence = (scenario: string, of = run) =>
    decisionSentences(of).find((found) => found.scenario === scenario)?.sentence;

  it('say from which delay on sync fails, and that async then is late', () => {
    expect(sentence('S2')).toMatch(
      /^If billing can be slow at 20 orders\/s, sync-hardened starts to fail here above 500 ms, at the latest at 1 s: it accepts 85 %; async accepts 100 % .* but is done only after 3\.\d+ s \(p95\)\.$/,
    );
  });

  it('say that sync never failed where it did not', () => {
    expect(sentence('S2', sampleRun({ tier: 'quick' }))).toMatch(/accepted everything up to billing = 500 ms/);
  });

  it('give a zero of kills its bound, and do not spare sync', () => {
    expect(sentence('S5')).toContain('async 0 of 5 kills (≤ 60 %), sync-after-commit 9 in 5 kills');
  });

  it('say nothing of what was not run', () => {
    const none = { ...run, blocks: [], scenarios: [] };
    expect(decisionSentences(none)).toEqual([]);
  });
});

describe('where each side won', () => {
  it('is told in the same words for both', () => {
    const { sync, async } = whereEachWon(run);
    expect(sync.map((win) => win.sentence)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^all effects p95: sync-hardened .*, async /),
        expect.stringMatching(/^Broker down, all effects p95: sync-hardened 36 ms, async 5\.\d+ s$/),
        expect.stringMatching(/^no broker to run: it took 398 MB and 1\.8 % of a core while idle$/),
      ]),
    );
    expect(async.map((win) => win.sentence)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^acknowledged p95: async .*, sync-hardened /),
        'Outage and drain, accepted: async 100 %, sync-hardened 66.7 %',
      ]),
    );
  });

  it('counts an anomaly that only one side has', () => {
    const poisoned = structuredClone(run);
    poisoned.blocks.find(({ scenario, arm }) => scenario === 'S8' && arm === 'async')!.anomalies = { stuck: 3 };
    expect(whereEachWon(poisoned).sync.map((win) => win.sentence)).toContain('Poison, stuck: sync-hardened 0, async 3');
  });
});

describe('the matrix', () => {
  const scenario = run.scenarios.find(({ id }) => id === 'S5')!;

  it('says over how many orders nothing went wrong', () => {
    expect(matrixCell(run, scenario, 'async')).toMatchObject({
      state: 'as predicted',
      anomalies: '',
      zero: '0 of 400 (≤ 0.8 %)',
    });
  });

  it('keeps what was lost as predicted apart from a surprise', () => {
    expect(matrixCell(run, scenario, 'async-dual-write')).toMatchObject({
      state: 'as predicted',
      anomalies: '14 lost',
    });
    const predictions = [{ arm: 'async' as const, predicted: '', observed: '', outcome: 'surprise' as const }];
    expect(matrixCell(run, { ...scenario, predictions }, 'async').state).toBe('surprise');
  });

  it('does not call a client that was not told a loss', () => {
    const doubtful = structuredClone(run);
    doubtful.blocks.find(({ id }) => id === scenario.blocks[0])!.anomalies = { 'in-doubt': 4 };
    const { arm } = doubtful.blocks.find(({ id }) => id === scenario.blocks[0])!;
    expect(matrixCell(doubtful, scenario, arm)).toMatchObject({ anomalies: '', inDoubt: 4 });
  });

  it('says which of them a fault of the lab explains', () => {
    const scenario = run.scenarios.find(({ id }) => id === 'S7')!;
    const cell = (explained: Record<string, number>) => {
      const killed = structuredClone(run);
      const block = killed.blocks.find((one) => one.scenario === 'S7' && one.arm === 'async-local')!;
      Object.assign(block, { anomalies: { twice: 3 }, explained });
      return matrixCell(killed, scenario, 'async-local').anomalies;
    };
    expect([cell({}), cell({ twice: 2 }), cell({ twice: 3 })]).toEqual([
      ...['3 twice', '3 twice (2 explained)', '3 twice (explained)'],
    ]);
  });
});

describe('the health of a run', () => {
  it('is limited by what is missing, and unsound where the arms were not treated alike', () => {
    expect(healthOf(run).state).toBe('sound');
    expect(healthOf(sampleRun({ withoutKafka: true })).limits).toContain('Incomplete: no Kafka here');
    const unfair = structuredClone(run);
    unfair.env.fairness[0]!.equal = false;
    expect(healthOf(unfair)).toMatchObject({ state: 'unsound', limits: ['The arms were not treated alike: fsync'] });
  });
});

describe('the bill', () => {
  it('is CPU times the price of a core, and a broker only where one is needed', () => {
    const prices = { coreHour: 0.05, brokerMonth: 220 };
    const calls = billOf(run, 'sync-hardened', prices)!;
    // 9.29 ms × 20/s × 30 days = 133.8 core hours.
    expect(calls.coreHours).toBeCloseTo((9.29 * 20 * 30 * 86_400) / 3_600_000, 0);
    expect(calls.total).toBeCloseTo(calls.coreHours * 0.05, 9);
    expect(billOf(run, 'async', prices)!.broker).toBe(220);
    expect(billOf(run, 'async-local', prices)!.broker).toBe(0);
    expect(billOf(run, 'async', { coreHour: 0.05 })!.total).toBeUndefined();
  });
});

describe('two curves', () => {
  const curve = (...values: number[]) => values.map((value, i) => ({ x: 10 ** i, value }));

  it('cross between the points on both sides of it', () => {
    expect(crossings(curve(1, 10, 100), curve(10, 10.1, 10), true)[0]).toBeGreaterThan(10);
    expect(crossings(curve(1, 100), curve(100, 1), true)[0]).toBeCloseTo(Math.sqrt(10), 6);
    expect(crossings(curve(1, 2), curve(3, 4), true)).toEqual([]);
    expect(crossings([{ x: 1, value: 1 }], [{ x: 2, value: 2 }], false)).toEqual([]);
  });
});
