import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { z } from 'zod';
import { refusals, type JsonSchema } from './compatibility.js';

const wire = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
const between = (writer: z.ZodType, reader: z.ZodType) =>
  refusals(wire(writer), wire(reader)).map(({ path, why }) => `${path} ${why}`);

describe('a reader of an event', () => {
  const order = z.object({ id: z.uuid(), total: z.int().min(0), status: z.enum(['open', 'paid']) });

  it('ignores an optional field that it does not know, in both directions', () => {
    const more = order.extend({ note: z.string().optional() });
    expect(between(more, order)).toEqual([]);
    expect(between(order, more)).toEqual([]);
  });

  it('is broken by a required field that older records do not have', () => {
    const more = order.extend({ note: z.string() });
    expect(between(order, more)).toEqual(['note may be missing']);
    expect(between(more, order)).toEqual([]);
  });

  it('is broken by a field that is no longer written', () => {
    expect(between(order.omit({ total: true }), order)).toEqual(['total may be missing']);
    expect(between(order.partial({ total: true }), order)).toEqual(['total may be missing']);
  });

  it('is broken by a value that it has never heard of, and old records by one that is gone', () => {
    const wider = order.extend({ status: z.enum(['open', 'paid', 'lost']) });
    expect(between(wider, order)).toEqual(['status may be "lost"']);
    expect(between(order, wider)).toEqual([]);
  });

  it('is broken by another type, a wider bound and another format', () => {
    expect(between(order.extend({ total: z.number() }), order)).toEqual(['total may be number, not integer']);
    expect(between(order.extend({ total: z.int() }), order)).toHaveLength(1);
    expect(between(order.extend({ id: z.string() }), order)).toHaveLength(2);
    expect(between(order.extend({ id: z.uuid().nullable() }), order)).toEqual(['id may be null, not string']);
  });

  it('is broken deep inside of a list, and the place is named', () => {
    const lines = z.object({ lines: z.array(z.object({ sku: z.string(), price: z.int() })) });
    const changed = z.object({ lines: z.array(z.object({ sku: z.string(), price: z.string() })) });
    expect(between(changed, lines)).toEqual(['lines[].price may be string, not integer']);
  });

  it('is protected from what the check does not understand', () => {
    const twice = z.object({ code: z.string().regex(/^a/).regex(/b$/) });
    expect(between(twice, z.object({ code: z.string() }))).toEqual([
      'code uses allOf, which this check cannot compare',
    ]);
    expect(between(twice, twice)).toEqual([]);
  });
});

describe('the comparison', () => {
  const bounds = (name: string, low: number, high: number) =>
    fc
      .record({
        low: fc.option(fc.integer({ min: low, max: low + 2 })),
        high: fc.option(fc.integer({ min: high, max: high + 2 })),
      })
      .map(({ low: from, high: to }) => ({
        ...(from === null ? {} : { [`min${name}`]: from }),
        ...(to === null ? {} : { [`max${name}`]: to }),
      }));
  const { schema } = fc.letrec<{ schema: JsonSchema; leaf: JsonSchema }>((tie) => ({
    leaf: fc.oneof(
      fc
        .tuple(fc.constantFrom('integer', 'number'), bounds('imum', 0, 5))
        .map(([type, limits]) => ({ type, ...limits })),
      bounds('Length', 1, 4).map((limits) => ({ type: 'string', ...limits })),
      fc.constantFrom('^a+$', '^[ab]+$').map((pattern) => ({ type: 'string', pattern })),
      fc.subarray(['x', 'y', 'z'], { minLength: 1 }).map((values) => ({ type: 'string', enum: values })),
      fc.constantFrom<JsonSchema>(
        { type: 'boolean' },
        { type: ['string', 'null'] },
        {},
        { type: 'string', const: 'x' },
      ),
    ),
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc
        .record({
          properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), {
            maxKeys: 3,
            noNullPrototype: true,
          }),
          optional: fc.subarray(['a', 'b', 'c']),
          closed: fc.boolean(),
        })
        .map(({ properties, optional, closed }) => ({
          type: 'object',
          properties,
          required: Object.keys(properties).filter((name) => !optional.includes(name)),
          ...(closed ? { additionalProperties: false } : {}),
        })),
      fc.tuple(tie('schema'), bounds('Items', 0, 2)).map(([items, limits]) => ({ type: 'array', items, ...limits })),
      fc.array(tie('leaf'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    ),
  }));

  /** A near relative of a schema, so that most pairs differ in one place only. */
  const pair = fc.oneof(
    fc.tuple(schema, schema),
    schema.chain((one) => fc.tuple(fc.constant(one), fc.constant(one))),
    fc.tuple(schema, schema, schema).map(([a, b, c]): [JsonSchema, JsonSchema] => {
      const object = (field: JsonSchema) => ({ type: 'object', properties: { a, field }, required: ['field'] });
      return [object(b), object(c)];
    }),
  );

  const ajv = new Ajv2020({ strict: false });

  it('lets nothing through that a reader, played by Ajv, would refuse', () => {
    let [clean, broken] = [0, 0];
    fc.assert(
      fc.property(pair, ([writer, reader]) => {
        const found = refusals(writer, reader);
        if (found.length > 0) return void broken++;
        clean++;
        const reads = ajv.compile(reader);
        for (const value of extremes(writer)) if (!reads(value)) throw new Error(`refused: ${JSON.stringify(value)}`);
      }),
      { numRuns: 1500, seed: 3 },
    );
    expect(Math.min(clean, broken)).toBeGreaterThan(200);
  });

  it('refuses nothing that every reader takes, as long as one keyword differs', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom('imum', 'Length', 'Items')
          .chain((name) => fc.tuple(fc.constant(name), bounds(name, 0, 4), bounds(name, 0, 4))),
        ([name, a, b]) => {
          const type = { imum: 'integer', Length: 'string', Items: 'array' }[name];
          const [writer, reader] = [
            { type, ...a },
            { type, ...b },
          ];
          const reads = ajv.compile(reader);
          expect(refusals(writer, reader).length === 0).toBe(extremes(writer).every((value) => reads(value)));
        },
      ),
      { numRuns: 500, seed: 3 },
    );
  });
});

/** The values at the edges of a schema: if all of these pass a reader, so does everything between them. */
function extremes(of: JsonSchema): unknown[] {
  const bound = (name: string, otherwise: number) => (of[name] as number | undefined) ?? otherwise;
  const anything = [null, true, -1e6, 0.5, 1e6, '', 'x', 'b'.repeat(50), {}, []];
  if (of.anyOf) return (of.anyOf as JsonSchema[]).flatMap(extremes);
  if (Array.isArray(of.type)) return of.type.flatMap((type) => extremes({ ...of, type }));
  if ('const' in of) return [of.const];
  if (of.enum) return of.enum as unknown[];
  if (of.pattern) return of.pattern === '^a+$' ? ['a', 'a'.repeat(50)] : ['b', 'ab', 'a'.repeat(50)];
  switch (of.type) {
    case 'null':
      return [null];
    case 'boolean':
      return [true, false];
    case 'integer':
      return [bound('minimum', -1e6), bound('maximum', 1e6)];
    case 'number':
      return [bound('minimum', -1e6), bound('maximum', 1e6), bound('minimum', bound('maximum', 1) - 1) + 0.5];
    case 'string':
      return ['b'.repeat(bound('minLength', 0)), 'b'.repeat(bound('maxLength', 50))];
    case 'array': {
      const items = extremes((of.items ?? {}) as JsonSchema);
      const list = (length: number) => items.map((item) => new Array<unknown>(length).fill(item));
      return [...list(bound('minItems', 0)), ...list(bound('maxItems', bound('minItems', 0) + 9))];
    }
    case 'object': {
      const fields = Object.entries(of.properties as Record<string, JsonSchema>);
      const required = of.required as string[];
      const full = Object.fromEntries(fields.map(([name, field]) => [name, extremes(field)[0]]));
      const least = Object.fromEntries(required.map((name) => [name, full[name]]));
      return [
        full,
        least,
        ...fields.flatMap(([name, field]) => extremes(field).map((value) => ({ ...least, [name]: value }))),
      ];
    }
    default:
      return anything;
  }
}
