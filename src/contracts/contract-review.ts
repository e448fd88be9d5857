import { z } from 'zod';
import type { AnyEvent } from '../messaging/event.js';
import { refusals, type JsonSchema, type Refusal } from './compatibility.js';

/** File name → schema: one entry for each version of an event that a reader may meet. */
export type PublishedSchemas = Readonly<Record<string, JsonSchema>>;

/** Who hears an event, by its name: `order.placed` → billing, notifications … */
export type Readers = (event: string) => readonly string[];

/** What the sources say against what is committed, each as a sentence. */
export interface Review {
  /** Breaks a reader, of today or of what stands in the topic already. */
  breaking: string[];
  /** Breaks nobody; the committed files are out of date. */
  stale: string[];
}

const fileOf = (name: string, version: number) => `${name}.v${version}.json`;

/** The JSON Schemas of every version that the sources declare, the former ones included. */
export function publishedSchemas(events: readonly AnyEvent[]): PublishedSchemas {
  return Object.fromEntries(
    events.flatMap((event) =>
      Object.entries({ ...event.formerly, [event.version]: event.schema }).map(([version, schema]) => {
        // `input`: what stands on the wire, before a default is filled in, with unknown fields left to the reader.
        const written = z.toJSONSchema(schema as z.ZodType, { io: 'input' }) as JsonSchema;
        return [fileOf(event.name, Number(version)), { title: `${event.name} version ${version}`, ...written }];
      }),
    ),
  );
}

/**
 * Compares in both directions, because both happen: a new release writes for readers that are not deployed yet, and
 * reads what the old one has left in the topic.
 */
export function review(committed: PublishedSchemas, fresh: PublishedSchemas, readers: Readers): Review {
  const found: Review = { breaking: [], stale: [] };
  for (const file of new Set([...Object.keys(committed), ...Object.keys(fresh)])) {
    const [before, after] = [committed[file], fresh[file]];
    const [, name = file, version = ''] = /^(.+)\.v(\d+)\.json$/.exec(file) ?? [];
    const hearers = [...readers(name), 'a stranger who reads the topic'].join(', ');
    if (!before) found.stale.push(`${file} is not committed yet: run npm run contracts.`);
    else if (!after)
      found.breaking.push(
        `${file} is committed, but no source declares it, and its records may still be in the topic. It breaks ${hearers}: ` +
          `put the schema into formerly[${version}] with an upcaster, or delete the file when the last record is gone.`,
      );
    else {
      const cure = `Leave version ${version} as it was, and publish version ${Number(version) + 1} with an upcaster.`;
      const broken = [
        ...sentences(refusals(after, before), 'a new record'),
        ...sentences(refusals(before, after), 'a record that is already in the topic'),
      ];
      if (broken.length > 0) found.breaking.push(`${file} breaks ${hearers}: ${broken.join('; ')}. ${cure}`);
      else if (JSON.stringify(before) !== JSON.stringify(after))
        found.stale.push(`${file} has changed, and every reader still reads it: run npm run contracts.`);
    }
  }
  return found;
}

const sentences = (found: Refusal[], where: string) => found.map(({ path, why }) => `in ${where} ${path} ${why}`);
