/** A JSON Schema as zod writes it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Where a reader refuses what a writer may write, and why, as the rest of a sentence. */
export interface Refusal {
  path: string;
  why: string;
}

const ANNOTATIONS = new Set(['$schema', '$id', 'id', 'title', 'description', 'examples', 'default', 'deprecated']);
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
/** A length has a least value without saying so. */
const FLOOR: JsonSchema = { minLength: 0, minItems: 0 };
const EXACT = ['pattern', 'format', 'multipleOf', 'propertyNames'];
const STRUCTURE = ['type', 'enum', 'const', 'anyOf', 'items', 'properties', 'required', 'additionalProperties'];
const UNDERSTOOD = new Set([...LOWER, ...UPPER, ...EXACT, ...STRUCTURE]);

/**
 * Where a reader of `reader` may refuse what is written under `writer`; empty: it reads everything.
 *
 * A writer writes the properties that its schema names and no others, a reader ignores those that it does not know:
 * an added optional field is no difference. A keyword that is not understood counts as a refusal.
 */
export function refusals(writer: JsonSchema, reader: JsonSchema, path = ''): Refusal[] {
  const refuse = (why: string): Refusal[] => [{ path: path || 'the data', why }];
  const [w, r] = [bare(writer), bare(reader)];
  if (text(w) === text(r) || Object.keys(r).length === 0) return [];
  const foreign = [...Object.keys(w), ...Object.keys(r)].find((keyword) => !UNDERSTOOD.has(keyword));
  if (foreign) return refuse(`uses ${foreign}, which this check cannot compare`);
  if (w.anyOf) return schemas(w.anyOf).flatMap((option) => refusals(option, r, path));
  if (r.anyOf) {
    const options = schemas(r.anyOf).map((option) => refusals(w, option, path));
    return options.some((found) => found.length === 0) ? [] : refuse(`may be ${say(w)}, which no alternative takes`);
  }
  const [written, taken] = [values(w), values(r)];
  if (written && taken) {
    const refused = written.filter((value) => !taken.includes(value));
    return refused.length > 0 ? refuse(`may be ${refused.map((value) => JSON.stringify(value)).join(', ')}`) : [];
  }
  if (taken) return refuse(`may be any ${say(w)}`);
  if (w.type !== r.type && !(w.type === 'integer' && r.type === 'number'))
    return refuse(`may be ${say(w)}, not ${say(r)}`);
  if (written && Object.keys(r).length > 1)
    return refuse('is a fixed value, which this check cannot hold against bounds');
  if (written) return [];
  return [
    ...LOWER.flatMap((k) =>
      r[k] !== undefined && !(Number(w[k] ?? FLOOR[k]) >= Number(r[k])) ? refuse(bound(w, r, k)) : [],
    ),
    ...UPPER.flatMap((k) => (r[k] !== undefined && !(Number(w[k]) <= Number(r[k])) ? refuse(bound(w, r, k)) : [])),
    ...EXACT.flatMap((k) => (r[k] !== undefined && text(w[k]) !== text(r[k]) ? refuse(bound(w, r, k)) : [])),
    ...(r.items ? refusals(schema(w.items), schema(r.items), `${path}[]`) : []),
    ...properties(w, r, path),
  ];
}

function properties(w: JsonSchema, r: JsonSchema, path: string): Refusal[] {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const [sent, known] = [named(w), named(r)];
  const missing = names(r).filter((name) => !names(w).includes(name));
  const rest = (of: JsonSchema) => (of.additionalProperties === false ? undefined : schema(of.additionalProperties));
  return [
    ...missing.map((name) => ({ path: at(name), why: 'may be missing' })),
    ...Object.keys(sent).flatMap((name) => {
      const reader = known[name] ?? rest(r);
      return reader
        ? refusals(sent[name]!, reader, at(name))
        : [{ path: at(name), why: 'is a field that is not taken' }];
    }),
    ...(w.additionalProperties ? open(w, r, at) : []),
  ];
}

/** A map of the writer's (`z.record`): any key may appear, also those that the reader names. */
function open(w: JsonSchema, r: JsonSchema, at: (name: string) => string): Refusal[] {
  const entry = schema(w.additionalProperties);
  const strangers = Object.entries(named(r)).filter(([name]) => !named(w)[name]);
  return [
    ...strangers.flatMap(([name, reader]) => refusals(entry, reader, at(name))),
    ...(r.additionalProperties === false
      ? [{ path: at('*'), why: 'is a field that is not taken' }]
      : refusals(entry, schema(r.additionalProperties), at('*'))),
  ];
}

/** Without what only people read; `type: [string, null]` and `oneOf` written as the `anyOf` that zod reads them as. */
function bare(of: JsonSchema): JsonSchema {
  const kept = Object.entries(of).filter(([keyword]) => !ANNOTATIONS.has(keyword));
  const { type, oneOf, ...rest }: JsonSchema = Object.fromEntries(kept);
  if (oneOf) return { ...rest, anyOf: oneOf };
  if (Array.isArray(type))
    return { anyOf: type.map((one: unknown) => (one === 'null' ? { type: one } : { ...rest, type: one })) };
  return type === undefined ? rest : { ...rest, type };
}

const schema = (of: unknown) => (typeof of === 'object' ? of : {}) as JsonSchema;
const schemas = (of: unknown) => of as JsonSchema[];
const named = (of: JsonSchema) => (of.properties ?? {}) as Record<string, JsonSchema>;
const names = (of: JsonSchema) => (of.required ?? []) as string[];
const say = (of: JsonSchema) => (typeof of.type === 'string' ? of.type : 'anything');
const bound = (w: JsonSchema, r: JsonSchema, k: string) =>
  w[k] === undefined
    ? `has no ${k}, where ${text(r[k])} is demanded`
    : `has ${k} ${text(w[k])}, where ${text(r[k])} is demanded`;

function values(of: JsonSchema): unknown[] | undefined {
  return 'const' in of ? [of.const] : (of.enum as unknown[] | undefined);
}

/** JSON with sorted keys: two schemas that mean the same print the same. */
function text(of: unknown): string {
  return JSON.stringify(of, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
