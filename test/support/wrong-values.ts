/** A part of a JSON Schema, as `/openapi.json` shows it. */
export interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: string[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

export type Resolve = (schema: Schema) => Schema;

/** A value for a field as JSON text, because JSON can say things that JavaScript's values cannot; undefined leaves it out. */
export interface Wrong {
  field: string;
  how: string;
  json: string | undefined;
}

type Values = Record<string, string | undefined>;

export const SQL = `1'; DROP TABLE orders; --`;
const HEADERS = 'eve@example.com\r\nBcc: all@example.com';
const text = (value: string) => JSON.stringify(value);
const below = (at: string) => (at === '' ? '' : `${at}.`);

/** What no field of any type takes. */
const NEVER: Values = {
  null: 'null',
  true: 'true',
  '1e400, which JavaScript reads as Infinity': '1e400',
  'text with NUL': '"a\\u0000b"',
  'the first half of a surrogate pair': '"a\\ud800"',
  'the second half of a surrogate pair': '"\\udc00a"',
};

const AS_TEXT: Values = { 'a number': '1', zero: '0', 'a list': '["a"]', 'an object': '{"a":1}' };
const AS_NUMBER: Values = {
  'a number as text': '"1"',
  'empty text': '""',
  'a list': '[1]',
  'an object': '{}',
  'a fraction': '0.5',
  'minus one': '-1',
  'minus zero': '-0',
  'more than JavaScript counts': '9007199254740993',
  huge: '1e300',
  '-1e400': '-1e400',
};

function ofString(schema: Schema): Values {
  const free = !schema.pattern && !schema.enum && !schema.format;
  return {
    ...AS_TEXT,
    ...(schema.minLength !== 0 && { 'empty text': '""', spaces: '"   "' }),
    ...(schema.maxLength && { 'too long': text('a'.repeat(schema.maxLength + 1)) }),
    'headers of a mail': text(HEADERS),
    huge: text('a'.repeat(500_000)),
    ...(!free && { SQL: text(SQL), 'what is no such thing': '"ünknown ¿?"', 'a path': '"../../etc/passwd"' }),
  };
}

function ofInteger({ minimum, maximum }: Schema): Values {
  return {
    ...AS_NUMBER,
    ...(minimum !== undefined && { 'too small': String(minimum - 1) }),
    ...(maximum !== undefined && { 'too large': String(maximum + 1) }),
  };
}

/** Every way in which a field can be wrong, from what its schema says about it; for each field below it, too. */
export function* wrongValues(given: Schema, resolve: Resolve, field = '', required = true): Generator<Wrong> {
  const schema = resolve(given);
  const values: Values = { ...NEVER };
  if (field && required) values.missing = undefined;
  if (schema.type === 'string') Object.assign(values, ofString(schema));
  if (schema.type === 'integer') Object.assign(values, ofInteger(schema));
  if (schema.type === 'array')
    Object.assign(values, { text: '"a"', 'an object': '{}', empty: '[]', nested: '[[[[]]]]', 'a hole': '[null]' });
  if (schema.type === 'object') Object.assign(values, { text: '"a"', 'a number': '1', 'a list': '[]', empty: '{}' });
  for (const [how, json] of Object.entries(values)) yield { field, how, json };
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* wrongValues(property, resolve, below(field) + name, schema.required?.includes(name) ?? false);
  if (schema.type === 'object') {
    yield { field: `${below(field)}unknown`, how: 'that nobody asked for', json: '1' };
    yield { field: `${below(field)}__proto__`, how: 'that reaches into JavaScript', json: '{"admin":true}' };
    yield { field: `${below(field)}constructor`, how: 'that reaches into JavaScript', json: '{"prototype":{}}' };
  }
  if (schema.items) yield* wrongValues(schema.items, resolve, `${field}.0`, false);
}

/** The JSON text of a body in which one field is written as `json`, or left out. */
export function bodyWith(body: unknown, { field, json }: Pick<Wrong, 'field' | 'json'>): string {
  if (field === '') return json ?? '';
  return write(body, field.split('.'), json);
}

function write(value: unknown, [name, ...rest]: string[], json: string | undefined): string {
  const inner = (child: unknown) => (rest.length > 0 ? write(child, rest, json) : json);
  if (Array.isArray(value)) {
    const parts = value.map((child, at) => (String(at) === name ? inner(child) : JSON.stringify(child)));
    return `[${parts.filter((part) => part !== undefined).join()}]`;
  }
  const parts = Object.entries({ ...(value as object) }).filter(([key]) => key !== name);
  const written = parts.map(([key, child]) => `${JSON.stringify(key)}:${JSON.stringify(child)}`);
  const mine = inner((value as Record<string, unknown>)[name!]);
  if (mine !== undefined) written.push(`${JSON.stringify(name)}:${mine}`);
  return `{${written.join()}}`;
}

/** Every way in which a parameter of a path or a query can be wrong, as it stands in a URL. */
export function wrongParameters({ type, minimum, maximum, enum: values }: Schema): string[] {
  const always = [
    '%00',
    '%ED%A0%80',
    encodeURIComponent(SQL),
    encodeURIComponent(HEADERS),
    'a'.repeat(5000),
    '%F0%9F%92%A9',
  ];
  if (type !== 'integer') return [...always, 'null', 'NaN', '-1', ...(values ? [values[0]!.toUpperCase()] : [])];
  return [...always, 'null', 'NaN', 'Infinity', '1e400', '0.5', String(minimum! - 1), String(maximum! + 1), '-9e99'];
}
