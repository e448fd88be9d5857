import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RunResult } from '../model/run-result.js';

/** Where the schema stands, from the root of the project. */
export const SCHEMA_FILE = 'docs/report/result.schema.json';

/** The JSON Schema of `result.json`, written from its zod schema. */
export const schemaText = (): string =>
  `${JSON.stringify({ title: 'A run of the comparison lab', ...z.toJSONSchema(RunResult) }, undefined, 2)}\n`;

/** Writes the schema below `root`. @returns the file */
export function writeSchema(root: string): string {
  const file = path.join(root, SCHEMA_FILE);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, schemaText());
  return file;
}
