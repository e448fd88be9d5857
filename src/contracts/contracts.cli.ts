import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { program } from 'commander';
import { DeliveryParked } from '../messaging/parking/dead-letter.event.js';
import { declarationOf } from '../messaging/subscriber.js';
import type { JsonSchema } from './compatibility.js';
import { publishedSchemas, review, type PublishedSchemas, type Readers } from './contract-review.js';
import { EVENTS } from './index.js';

const { check } = program
  .name('npm run contracts --')
  .description('Writes the JSON Schema of every published event, unless one would break a reader.')
  .option('--check', 'write nothing; fail when a schema differs from what is committed')
  .parse()
  .opts<{ check?: boolean }>();
const folder = join(import.meta.dirname, '../../../src/contracts/schemas');
const modules = join(import.meta.dirname, '../modules');

function committed(): PublishedSchemas {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonSchema]),
  );
}

async function readers(): Promise<Readers> {
  const hearers = new Map<string, string[]>();
  for (const file of readdirSync(modules, { recursive: true }) as string[]) {
    if (!file.endsWith('.subscriber.js')) continue;
    const exported = (await import(pathToFileURL(join(modules, file)).href)) as Record<string, object>;
    for (const { name, events } of Object.values(exported).flatMap((one) => declarationOf(one) ?? []))
      for (const event of events.keys()) hearers.set(event, [...(hearers.get(event) ?? []), name]);
  }
  return (event) => hearers.get(event) ?? [];
}

const fresh = publishedSchemas([...EVENTS, DeliveryParked]);
const { breaking, stale } = review(committed(), fresh, await readers());
for (const sentence of check ? [...breaking, ...stale] : breaking) console.error(sentence);
if (breaking.length > 0 || (check && stale.length > 0)) process.exitCode = 1;
else if (!check)
  for (const [file, schema] of Object.entries(fresh))
    writeFileSync(join(folder, file), `${JSON.stringify(schema, null, 2)}\n`);
if (process.exitCode !== 1)
  console.log(`${Object.keys(fresh).length} event schemas ${check ? 'are as committed' : 'written'}.`);
