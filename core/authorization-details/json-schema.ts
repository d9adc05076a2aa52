import * as v from 'valibot';
import { isJsonObject, type JsonObject } from '../json-object.ts';

/**
 * The part of JSON Schema (draft 2020-12) that says all there may be in a value and nothing that is dear to check: no `pattern`,
 * with which a caller could make a regular expression backtrack, no `$ref`, and no objects with members that nobody named.
 */
export type JsonSchema = ObjectSchema | ArraySchema | StringSchema | NumberSchema | BooleanSchema;

interface Annotations {
  readonly title?: string;
  readonly description?: string;
}

interface ObjectSchema extends Annotations {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  /** Has to be said, so that the schema means the same to every other reader of JSON Schema. */
  readonly additionalProperties: false;
}

interface ArraySchema extends Annotations {
  readonly type: 'array';
  readonly items: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface StringSchema extends Annotations {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface NumberSchema extends Annotations {
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
}

interface BooleanSchema extends Annotations {
  readonly type: 'boolean';
}

const UNSUPPORTED =
  'is not of the JSON Schema that Signet has: type object (with properties and additionalProperties false), array, string, number, integer or boolean';

const annotations = { title: v.exactOptional(v.string()), description: v.exactOptional(v.string()) };
const length = v.exactOptional(v.pipe(v.number(UNSUPPORTED), v.safeInteger(UNSUPPORTED), v.minValue(0)));
/** Its names stand in error descriptions, which have these characters (RFC 6749 §5.2). */
const PropertyNameSchema = v.pipe(
  v.string(),
  v.regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/, 'a property has a name of printable ASCII'),
);

const ObjectSchemaSchema = v.pipe(
  v.strictObject(
    {
      type: v.literal('object'),
      ...annotations,
      properties: v.record(
        PropertyNameSchema,
        v.lazy(() => JsonSchemaSchema),
      ),
      required: v.exactOptional(v.array(v.string())),
      additionalProperties: v.literal(false, UNSUPPORTED),
    },
    UNSUPPORTED,
  ),
  v.check(
    ({ required = [], properties }) => required.every((name) => Object.hasOwn(properties, name)),
    'requires a property that it does not have',
  ),
);

/** A schema; one too deep to be read is to be refused before. */
export const JsonSchemaSchema: v.GenericSchema<unknown, JsonSchema> = v.variant(
  'type',
  [
    ObjectSchemaSchema,
    v.strictObject(
      {
        type: v.literal('array'),
        ...annotations,
        items: v.lazy(() => JsonSchemaSchema),
        minItems: length,
        maxItems: length,
      },
      UNSUPPORTED,
    ),
    v.strictObject(
      {
        type: v.literal('string'),
        ...annotations,
        enum: v.exactOptional(v.array(v.string())),
        minLength: length,
        maxLength: length,
      },
      UNSUPPORTED,
    ),
    v.strictObject(
      {
        type: v.picklist(['number', 'integer']),
        ...annotations,
        minimum: v.exactOptional(v.number()),
        maximum: v.exactOptional(v.number()),
      },
      UNSUPPORTED,
    ),
    v.strictObject({ type: v.literal('boolean'), ...annotations }, UNSUPPORTED),
  ],
  UNSUPPORTED,
);

/** Why a JSON value does not fit a schema, beginning with where in the value; undefined when it does. The work is that of reading it. */
export function faultBySchema(value: unknown, schema: JsonSchema, path: string): string | undefined {
  switch (schema.type) {
    case 'object':
      return isJsonObject(value) ? faultOfObject(value, schema, path) : `${path} is not an object`;
    case 'array':
      return Array.isArray(value) ? faultOfArray(value, schema, path) : `${path} is not an array`;
    case 'string':
      return typeof value === 'string' ? faultOfString(value, schema, path) : `${path} is not a string`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${path} is not a boolean`;
    default:
      return faultOfNumber(value, schema, path);
  }
}

function faultOfObject(
  value: JsonObject,
  { properties, required = [] }: ObjectSchema,
  path: string,
): string | undefined {
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path}.${missing} is missing`;
  for (const [name, inner] of Object.entries(value)) {
    // Own ones only: every object has a `constructor`.
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    // Not by its name: what the caller wrote is not to stand in the answer.
    if (!schema) return `${path} has a field that its type does not have`;
    const fault = faultBySchema(inner, schema, `${path}.${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfArray(
  value: readonly unknown[],
  { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: ArraySchema,
  path: string,
): string | undefined {
  if (value.length < minItems) return `${path} has fewer elements than ${minItems}`;
  if (value.length > maxItems) return `${path} has more elements than ${maxItems}`;
  for (const [index, element] of value.entries()) {
    const fault = faultBySchema(element, items, `${path}.${index}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfString(
  value: string,
  { enum: values, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: StringSchema,
  path: string,
): string | undefined {
  if (values && !values.includes(value)) return `${path} is none of the values that it can have`;
  const characters = [...value].length;
  if (characters < minLength) return `${path} is shorter than ${minLength}`;
  return characters > maxLength ? `${path} is longer than ${maxLength}` : undefined;
}

function faultOfNumber(
  value: unknown,
  { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: NumberSchema,
  path: string,
): string | undefined {
  if (typeof value !== 'number') return `${path} is not a number`;
  if (type === 'integer' && !Number.isInteger(value)) return `${path} is not an integer`;
  if (value < minimum) return `${path} is less than ${minimum}`;
  return value > maximum ? `${path} is more than ${maximum}` : undefined;
}
