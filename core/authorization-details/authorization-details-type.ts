import * as v from 'valibot';
import { faultOfValue } from '../access-token/additional-claims.ts';
import {
  AUTHORIZATION_DETAILS_SCHEMA_MAX_DEPTH,
  AUTHORIZATION_DETAILS_SCHEMAS_MAX_BYTES,
  AUTHORIZATION_DETAILS_TYPE_MAX_CHARACTERS,
  AUTHORIZATION_DETAILS_TYPES_MAX,
} from '../limits.ts';
import { JsonSchemaSchema } from './json-schema.ts';

/** Members of authorization details that mean the same in all types (RFC 9396 §2): no schema says anything of them. */
const COMMON_MEMBERS = ['type', 'locations'];

/** The name of a type of authorization details (RFC 9396 §2): a word, or better a URI. */
export const AuthorizationDetailsTypeSchema = v.pipe(
  v.string(),
  v.regex(
    /^[\x21\x23-\x5b\x5d-\x7e]+$/,
    'a type of authorization details is printable ASCII without space, quote and backslash',
  ),
  v.maxLength(
    AUTHORIZATION_DETAILS_TYPE_MAX_CHARACTERS,
    `a type of authorization details has at most ${AUTHORIZATION_DETAILS_TYPE_MAX_CHARACTERS} characters`,
  ),
);

/** The types of authorization details that a resource knows, each with the schema of its members beside `type` and `locations`. */
export const AuthorizationDetailsTypesSchema = v.pipe(
  v.custom<unknown>(
    isShallow,
    `schemas are JSON of at most ${AUTHORIZATION_DETAILS_SCHEMA_MAX_DEPTH} levels, with names and numbers that every reader reads alike`,
  ),
  v.array(
    v.strictObject({
      type: AuthorizationDetailsTypeSchema,
      schema: v.pipe(
        JsonSchemaSchema,
        v.check(
          (schema) => schema.type === 'object' && !COMMON_MEMBERS.some((name) => name in schema.properties),
          'the schema of a type is one of an object, and leaves type and locations to Signet',
        ),
      ),
    }),
  ),
  v.maxLength(
    AUTHORIZATION_DETAILS_TYPES_MAX,
    `a resource has at most ${AUTHORIZATION_DETAILS_TYPES_MAX} types of authorization details`,
  ),
  v.check(
    (types) => new Set(types.map(({ type }) => type)).size === types.length,
    'a type of authorization details stands in the list twice',
  ),
  v.check(
    (types) => Buffer.byteLength(JSON.stringify(types)) <= AUTHORIZATION_DETAILS_SCHEMAS_MAX_BYTES,
    `schemas of authorization details have together at most ${AUTHORIZATION_DETAILS_SCHEMAS_MAX_BYTES} bytes of JSON`,
  ),
);

function isShallow(types: unknown): boolean {
  return faultOfValue(types, AUTHORIZATION_DETAILS_SCHEMA_MAX_DEPTH) === undefined;
}

export type AuthorizationDetailsType = v.InferOutput<typeof AuthorizationDetailsTypesSchema>[number];
