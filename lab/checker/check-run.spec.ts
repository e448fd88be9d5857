import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HISTORY_FILE, HistoryWriter } from '../model/history-file.js';
import { writeObservation } from '../model/observation-file.js';
import { PLAN_FILE, writePlan } from '../model/plan.js';
import { checkBlock } from './check-block.js';
import { checkRun } from './check-run.js';
import { cleanStory, oneMoreOrder, type ShopStory } from './fixtures/shop-story.js';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'run-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** The folder that a run of these blocks leaves behind. */
function keep(...stories: ShopStory[]): void {
  writePlan(folder, { seed: 1, command: 'npm run compare', blocks: stories.map(({ planned }) => planned) });
  const writer = new HistoryWriter(folder);
  for (const { history, observation } of stories) {
    history.forEach((line) => writer.append(line));
    writeObservation(folder, observation);
  }
  writer.close();
}

/** The same block under another name and with other orders. */
function another(): ShopStory {
  const text = JSON.stringify(cleanStory('sync')).replaceAll('S0.1', 'S0.2').replaceAll('"o-', '"p-');
  return JSON.parse(text.replaceAll('.o-', '.p-').replaceAll(':o-', ':p-').replaceAll('user-1', 'user-2')) as ShopStory;
}

describe('a run folder', () => {
  it('is judged as the blocks were when they were run', () => {
    const bad = cleanStory('async');
    oneMoreOrder(bad, 'o-gone');
    keep(bad);
    expect(checkRun(folder)).toEqual([{ planned: bad.planned, ...checkBlock(bad) }]);
  });

  it('may have blocks that share one outside world', () => {
    const [one, two] = [cleanStory('async'), another()];
    const ledger = [...one.observation.ledger, ...two.observation.ledger];
    one.observation.ledger = two.observation.ledger = ledger;
    keep(one, two);
    expect(checkRun(folder).map(({ anomalies }) => anomalies)).toEqual([{}, {}]);
  });

  it.each([
    ['another block has asked for without an id of its own', true, {}],
    ['nobody has asked for', false, { ghost: 1 }],
  ])('finds the ghost in a charge for an order only if %s', (_, asked, anomalies) => {
    const [one, two] = [another(), cleanStory('async')];
    const charge = two.observation.ledger.find(({ key }) => key === 'charge:o-shipped')!;
    two.observation.ledger.push({ ...charge, key: 'charge:shop-gave-this', orderId: 'shop-gave-this' });
    const request = { block: one.planned.id, seq: 900, f: 'unnamed' as const, key: 'S0.2 unnamed 1' };
    const { atMs } = charge;
    if (asked)
      one.history.push(
        { ...request, type: 'invoke', intendedMs: atMs, sentMs: atMs },
        { ...request, type: 'ok', doneMs: atMs + 5, http: 201, value: 'shop-gave-this' },
      );
    keep(one, two);
    expect(checkRun(folder).map(({ anomalies }) => anomalies)).toEqual([{}, anomalies]);
  });

  it('leaves out what has not begun, and does not know what was never read', () => {
    const [one, two] = [cleanStory('async'), another()];
    keep(one, two);
    fs.rmSync(path.join(folder, 'observations', 'S0.2.json'));
    writePlan(folder, { seed: 1, command: '', blocks: [one.planned, two.planned, { ...two.planned, id: 'S0.3' }] });
    const verdicts = checkRun(folder).map(({ checks }) => [...new Set(checks.map(({ verdict }) => verdict))]);
    expect(verdicts).toEqual([['PASS'], ['UNKNOWN']]);
  });

  it('may end in the middle of a line', () => {
    const story = cleanStory('async');
    keep(story);
    fs.appendFileSync(path.join(folder, HISTORY_FILE), '{"block":"S0.1","seq":99,"f":"pla');
    expect(checkRun(folder)).toEqual([{ planned: story.planned, ...checkBlock(story) }]);
  });

  it.each([
    [PLAN_FILE, /^.*plan\.json is no plan of a run: .*\.$/],
    [HISTORY_FILE, /^Line 1 of .*history\.jsonl is no line of a history: .*\.$/],
    ['observations/S0.1.json', /^.*S0\.1\.json is no observation of a block: .*\.$/],
  ])('says in one sentence that %s is broken', (file, sentence) => {
    keep(cleanStory('async'));
    fs.writeFileSync(path.join(folder, file), '{"broken":\n');
    expect(() => checkRun(folder)).toThrow(sentence);
  });

  it('says in one sentence that a folder is none', () => {
    expect(() => checkRun(folder)).toThrow(/has no plan\.json: give the folder of a run\.$/);
  });
});
