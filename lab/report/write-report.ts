import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../local/problem.js';
import type { RunResult } from '../model/run-result.js';
import { pageOf } from './page/page.js';
import type { Prices } from './prices.js';

/** Where the JSON of a page stands: beside it, under the same name. */
export const jsonBeside = (file: string): string => file.replace(/\.html?$|$/, '.json');

function replace(file: string, text: string): void {
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

/**
 * Writes the page of a run to `file`, self-contained, and the same as JSON beside it; each is replaced in one step.
 * @throws Problem `report_unwritable`
 */
export function writeReport(run: RunResult, file: string, prices: Prices = {}): { page: string; json: string } {
  const json = jsonBeside(file);
  const page = pageOf(run, prices, path.basename(json));
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    replace(json, `${JSON.stringify(run, undefined, 1)}\n`);
    replace(file, page);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Problem(
      'report_unwritable',
      `The report could not be written to ${file} (${why}): give another place with --report.`,
      { cause: error },
    );
  }
  return { page: file, json };
}
