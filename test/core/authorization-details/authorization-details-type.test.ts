import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { AuthorizationDetailsTypesSchema } from '../../../core/authorization-details/authorization-details-type.ts';
import { faultBySchema, JsonSchemaSchema } from '../../../core/authorization-details/json-schema.ts';

/** What the schema of types says of some; undefined when it takes them. */
function faultOf(types: unknown): string | undefined {
  const [issue] = v.safeParse(AuthorizationDetailsTypesSchema, types).issues ?? [];
  return issue && `${v.getDotPath(issue)}: ${issue.message}`;
}

const object = (properties: object, more: object = {}) => ({
  ...{ type: 'object', properties, additionalProperties: false },
  ...more,
});
const type = (schema: unknown, name = 'payment') => ({ type: name, schema });

/** A schema of arrays, one in the other, of so many levels of JSON. */
function nested(levels: number): unknown {
  return levels === 1 ? { type: 'boolean' } : { type: 'array', items: nested(levels - 1) };
}

const UNSUPPORTED =
  'is not of the JSON Schema that Signet has: type object (with properties and additionalProperties false), array, string, number, integer or boolean';
const SHALLOW = 'schemas are JSON of at most 16 levels, with names and numbers that every reader reads alike';
const COMMON = 'the schema of a type is one of an object, and leaves type and locations to Signet';

describe('types of authorization details', () => {
  for (const types of [
    [],
    [type(object({}))],
    [type(object({}), 'https://example.com/payment'), type(object({}), 'urn:b')],
    [
      type(
        object(
          {
            amount: {
              type: 'number',
              minimum: 0.01,
              maximum: 1_000,
              title: 'Amount',
              description: 'In euros.',
            },
            count: { type: 'integer' },
            currency: { type: 'string', enum: ['EUR', 'USD'], minLength: 3, maxLength: 3 },
            urgent: { type: 'boolean' },
            creditors: {
              type: 'array',
              items: object({ name: { type: 'string' } }),
              minItems: 1,
              maxItems: 2,
            },
          },
          { required: ['amount', 'currency'] },
        ),
      ),
    ],
    [type(object({ deep: nested(12) }))],
  ]) {
    it(`may be ${JSON.stringify(types).slice(0, 80)}`, () => assert.equal(faultOf(types), undefined));
  }

  for (const [types, fault] of [
    [{}, 'null: Invalid type: Expected Array but received Object'],
    [
      [type(object({}), 'a b')],
      '0.type: a type of authorization details is printable ASCII without space, quote and backslash',
    ],
    [
      [type(object({}), 'é')],
      '0.type: a type of authorization details is printable ASCII without space, quote and backslash',
    ],
    [
      [type(object({}), 't'.repeat(129))],
      '0.type: a type of authorization details has at most 128 characters',
    ],
    [
      Array.from({ length: 11 }, (_, n) => type(object({}), `t${n}`)),
      'null: a resource has at most 10 types of authorization details',
    ],
    [[type(object({})), type(object({}))], 'null: a type of authorization details stands in the list twice'],
    [
      [type(object({ a: { type: 'string', description: 'x'.repeat(8_192) } }))],
      'null: schemas of authorization details have together at most 8192 bytes of JSON',
    ],
    [[type(object({ deep: nested(20) }))], `null: ${SHALLOW}`],
    [[type(object({ deep: nested(2_000) }))], `null: ${SHALLOW}`],
    [
      JSON.parse(
        '[{"type":"a","schema":{"type":"object","properties":{"__proto__":{"type":"string"}},"additionalProperties":false}}]',
      ),
      `null: ${SHALLOW}`,
    ],
    [[type(object({ a: { type: 'number', maximum: 1e300 } }))], `null: ${SHALLOW}`],
    [[type({ type: 'string' })], `0.schema: ${COMMON}`],
    [[type(object({ type: { type: 'string' } }))], `0.schema: ${COMMON}`],
    [[type(object({ locations: { type: 'string' } }))], `0.schema: ${COMMON}`],
    [[type(object({}, { required: ['amount'] }))], '0.schema: requires a property that it does not have'],
    [
      [type(object({ é: { type: 'string' } }))],
      '0.schema.properties.é: a property has a name of printable ASCII',
    ],
    [[type(true)], `0.schema: ${UNSUPPORTED}`],
    [[type({})], `0.schema.type: ${UNSUPPORTED}`],
    [[type({ type: 'object', properties: {} })], `0.schema.additionalProperties: ${UNSUPPORTED}`],
    [[type(object({}, { additionalProperties: true }))], `0.schema.additionalProperties: ${UNSUPPORTED}`],
    [[type(object({}, { $ref: '#' }))], `0.schema.$ref: ${UNSUPPORTED}`],
    [
      [type(object({}, { patternProperties: { '(a+)+$': {} } }))],
      `0.schema.patternProperties: ${UNSUPPORTED}`,
    ],
    [
      [type(object({ a: { type: 'string', pattern: '^(a+)+$' } }))],
      `0.schema.properties.a.pattern: ${UNSUPPORTED}`,
    ],
    [[type(object({ a: { type: ['string', 'null'] } }))], `0.schema.properties.a.type: ${UNSUPPORTED}`],
    [[type(object({ a: { type: 'array', items: true } }))], `0.schema.properties.a.items: ${UNSUPPORTED}`],
    [
      [type(object({ a: { type: 'string', maxLength: '3' } }))],
      `0.schema.properties.a.maxLength: ${UNSUPPORTED}`,
    ],
    [
      [type(object({ a: { type: 'string', maxLength: 0.5 } }))],
      `0.schema.properties.a.maxLength: ${UNSUPPORTED}`,
    ],
  ] as const) {
    it(`are refused: ${JSON.stringify(types).slice(0, 80)}`, () => assert.equal(faultOf(types), fault));
  }
});

describe('faultBySchema', () => {
  const number = { type: 'number', minimum: 1, maximum: 3 };
  for (const [schema, good, bad] of [
    [
      { type: 'boolean' },
      [true, false],
      [
        [0, 'x is not a boolean'],
        [null, 'x is not a boolean'],
      ],
    ],
    [
      number,
      [1, 1.5, 3],
      [
        ['1', 'x is not a number'],
        [0.5, 'x is less than 1'],
        [3.5, 'x is more than 3'],
      ],
    ],
    [{ type: 'integer' }, [0, -1, 1e15], [[1.5, 'x is not an integer']]],
    [
      { type: 'string', enum: ['EUR', 'USD'] },
      ['EUR'],
      [
        ['eur', 'x is none of the values that it can have'],
        ['EUR\n', 'x is none of the values that it can have'],
        ['ＥＵＲ', 'x is none of the values that it can have'],
        [['EUR'], 'x is not a string'],
      ],
    ],
    [
      { type: 'string', minLength: 2, maxLength: 3 },
      ['ab', '🔑🔑🔑'],
      [
        ['🔑', 'x is shorter than 2'],
        ['abcd', 'x is longer than 3'],
      ],
    ],
    [{ type: 'string' }, ['', 'anything'], []],
    [
      { type: 'array', items: number, minItems: 1, maxItems: 2 },
      [[1], [1, 2]],
      [
        [[], 'x has fewer elements than 1'],
        [[1, 2, 3], 'x has more elements than 2'],
        [[1, 'b'], 'x.1 is not a number'],
        [{ length: 1, 0: 1 }, 'x is not an array'],
      ],
    ],
    [{ type: 'array', items: number }, [[], [1, 1, 1]], []],
    [
      object({ a: number, b: object({}) }, { required: ['a'] }),
      [{ a: 1 }, { a: 1, b: {} }],
      [
        [{}, 'x.a is missing'],
        [{ A: 1 }, 'x.a is missing'],
        [{ a: 1, c: 1 }, 'x has a field that its type does not have'],
        [{ a: 1, constructor: 1 }, 'x has a field that its type does not have'],
        [{ a: 1, b: { toString: 1 } }, 'x.b has a field that its type does not have'],
        [{ a: 9 }, 'x.a is more than 3'],
        [[], 'x is not an object'],
        [null, 'x is not an object'],
      ],
    ],
    [object({}), [{}], [['{}', 'x is not an object']]],
  ] as const) {
    it(`holds values to ${JSON.stringify(schema).slice(0, 80)}`, () => {
      const parsed = v.parse(JsonSchemaSchema, schema);
      for (const value of good) assert.equal(faultBySchema(value, parsed, 'x'), undefined);
      for (const [value, fault] of bad) assert.equal(faultBySchema(value, parsed, 'x'), fault);
    });
  }
});
