import * as fc from 'fast-check';
import { anyWord } from '../test/processes/any-text.js';

/** The part of JSON Schema that our document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** What there is, by the name of the field or parameter that asks for it. */
export type Pools = (name: string) => readonly string[];

/** Values that fit a schema, and values that nearly do. */
export interface Values {
  fitting(schema: Schema, name?: string): fc.Arbitrary<unknown>;
  /** Mostly fitting, but somewhere something is left out, added, or what it should not be. */
  nearly(schema: Schema, name?: string): fc.Arbitrary<unknown>;
}

export function valuesOf(schemas: Readonly<Record<string, Schema>>, pools: Pools): Values {
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    if (name === undefined) return schema;
    const found = schemas[name];
    if (!found) throw new Error(`There is no schema ${name}.`);
    return resolve(found);
  };

  const build = (given: Schema, name: string, mutate: Mutate): fc.Arbitrary<unknown> => {
    const schema = resolve(given);
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return fc.oneof(...choices.map((one) => build(one, name, mutate)));
    if (schema.allOf) return build(Object.assign({}, ...schema.allOf.map(resolve)) as Schema, name, mutate);
    if ('const' in schema) return mutate(fc.constant(schema.const));
    if (schema.enum) return mutate(fc.constantFrom(...schema.enum));
    const types = [schema.type ?? 'null'].flat();
    return fc.oneof(...types.map((type) => ofType(type, schema, name, mutate)));
  };

  const ofType = (type: string, schema: Schema, name: string, mutate: Mutate): fc.Arbitrary<unknown> => {
    if (type === 'object') return anObject(schema, mutate);
    if (type === 'array') {
      const item = build(schema.items ?? { type: 'null' }, name, mutate);
      return mutate(fc.array(item, { minLength: schema.minItems ?? 0, maxLength: 3 }));
    }
    if (type === 'string') {
      const known = pools(name);
      const text = aText(schema);
      return mutate(known.length > 0 ? fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 4 }, text) : text);
    }
    if (type === 'boolean') return mutate(fc.boolean());
    if (type === 'integer' || type === 'number')
      return mutate(fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000_000 }));
    return mutate(fc.constant(null));
  };

  const anObject = ({ properties = {}, required = [] }: Schema, mutate: Mutate): fc.Arbitrary<unknown> => {
    const parts = Object.entries(properties).map(([name, schema]) => {
      const value = build(schema, name, mutate).map((given) => [[name, given]]);
      return required.includes(name) && mutate === keep
        ? value
        : fc.oneof({ arbitrary: value, weight: required.includes(name) ? 15 : 1 }, fc.constant([]));
    });
    return mutate(fc.tuple(...parts).map((all) => Object.fromEntries(all.flat() as [string, unknown][])));
  };

  return {
    fitting: (schema, name = '') => build(schema, name, keep),
    nearly: (schema, name = '') => build(schema, name, spoil),
  };
}

/** What becomes of each value inside a value. */
type Mutate = (usual: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>;

const keep: Mutate = (usual) => usual;
const spoil: Mutate = (usual) => fc.oneof({ arbitrary: usual, weight: 15 }, { arbitrary: hostileValue(), weight: 1 });

function aText({ pattern, format, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  if (format === 'uri')
    return fc.constantFrom('https://app.example/', 'http://app.example/back?x=1', 'https://x.example');
  if (format === 'date-time')
    return fc.integer({ min: 0, max: 4_102_444_800_000 }).map((at) => new Date(at).toISOString());
  return fc.string({ unit: 'grapheme', minLength: minLength ?? 0, maxLength: Math.min(maxLength ?? 30, 30) });
}

/** What nobody means well, or nobody means at all. */
export function hostileValue(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    anyWord(),
    fc.constantFrom<unknown>(
      -1,
      1e308,
      0.1,
      [],
      {},
      [[]],
      [null],
      { length: 3 },
      { toString: 1 },
      '\0',
      '\ud800',
      '\u202e',
    ),
    fc.constantFrom('javascript:alert(1)', 'http://a:b@c', '//x', 'http://[', 'file:///etc/passwd', "' OR 1=1--"),
    fc.constantFrom(65, 1_025, 2_049, 9_000).map((length) => 'x'.repeat(length)),
    fc.constantFrom('2026-13-45T99:99:99Z', '9999-12-31T23:59:59.999Z', '+275760-09-13T00:00:00Z', 'never', '0'),
  );
}
