import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SCHEMA_FILE, schemaText } from './result-schema.js';
import { sampleRun } from './sample/sample-run.js';

describe('the schema of a result', () => {
  it(`in ${SCHEMA_FILE} is that of the code: npm run build && node dist/lab/report/write-schema.js writes it anew`, () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText());
  });

  it('accepts a result as it is written, and refuses one that lacks its blocks', () => {
    const accepts = new Ajv2020({ strict: false }).compile(JSON.parse(schemaText()) as object);
    const written = JSON.parse(JSON.stringify(sampleRun({ tier: 'quick' }))) as Record<string, unknown>;
    expect(accepts(written)).toBe(true);
    delete written.blocks;
    expect(accepts(written)).toBe(false);
  });
});
