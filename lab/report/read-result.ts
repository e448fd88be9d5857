import fs from 'node:fs';
import { ZodError } from 'zod';
import { Problem } from '../../local/problem.js';
import { RunResult } from '../model/run-result.js';

/** Reads the JSON of a run. @throws Problem `result_missing` or `result_unreadable` */
export function readResult(file: string): RunResult {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('result_missing', `${file} cannot be read: give the result.json of a run.`, { cause: error });
  }
  try {
    return RunResult.parse(JSON.parse(text));
  } catch (error) {
    const where = error instanceof ZodError ? ` (${error.issues[0]!.path.join('.') || 'as a whole'})` : '';
    throw new Problem('result_unreadable', `${file} is no result of this version of the lab${where}: run it again.`, {
      cause: error,
    });
  }
}
