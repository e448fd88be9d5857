import fs from 'node:fs';
import path from 'node:path';
import { homeFolder } from '../../local/folders.js';
import type { RunResult } from '../model/run-result.js';
import { readResult } from '../report/index.js';
import { RESULT_FILE } from './outcome.js';

/** The folders of all runs that are kept, the oldest first. */
const runsFolder = (): string => path.join(homeFolder(), 'lab', 'runs');

/** What the last run that was kept has found; undefined when there is none. */
export function lastResult(): RunResult | undefined {
  const runs = fs.existsSync(runsFolder()) ? fs.readdirSync(runsFolder()).sort().reverse() : [];
  const file = runs.map((run) => path.join(runsFolder(), run, RESULT_FILE)).find((one) => fs.existsSync(one));
  return file === undefined ? undefined : readResult(file);
}
