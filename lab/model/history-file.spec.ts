import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HISTORY_FILE, HistoryWriter, readHistory } from './history-file.js';
import type { HistoryLine } from './history.js';

const line = (seq: number): HistoryLine => ({ block: 'S0.sync.1', seq, f: 'place', type: 'ok', key: 'o', doneMs: 1.5 });
let folder: string;

beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'history-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

function written(...lines: HistoryLine[]) {
  const writer = new HistoryWriter(folder);
  lines.forEach((each) => writer.append(each));
  return writer;
}

describe('the history of a run', () => {
  it('has a line on the file as soon as it is appended, without a close', () => {
    const writer = written(line(1), line(2));
    expect(readHistory(folder)).toEqual([line(1), line(2)]);
    writer.close();
  });

  it('is read without the half line that a kill -9 left, and goes on without it', () => {
    written(line(1), line(2)).close();
    const file = path.join(folder, HISTORY_FILE);
    fs.truncateSync(file, fs.statSync(file).size - 9);
    expect(readHistory(folder)).toEqual([line(1)]);
    written(line(3)).close();
    expect(readHistory(folder)).toEqual([line(1), line(3)]);
  });

  it('names the line that is broken', () => {
    fs.writeFileSync(path.join(folder, HISTORY_FILE), `${JSON.stringify(line(1))}\n{"f":"place"}\n`);
    expect(() => readHistory(folder)).toThrow(/^Line 2 of .*history\.jsonl is no line of a history: .*\.$/);
  });

  it('says that a folder is none of a run', () => {
    expect(() => readHistory(folder)).toThrow(/has no history\.jsonl: give the folder of a run\.$/);
  });

  it('says in one sentence that it cannot be written', () => {
    fs.mkdirSync(path.join(folder, HISTORY_FILE));
    expect(() => written(line(1))).toThrow(/^The history .* cannot be written \(.*\): free some space/);
  });
});
