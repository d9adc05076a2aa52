import type { AccessTokenClaims } from '../access-token/access-token-claims.ts';
import { faultOfValue } from '../access-token/additional-claims.ts';
import type { Client } from '../client.ts';
import type { FormParameters } from '../form.ts';
import { isJsonObject } from '../json-object.ts';
import {
  AUTHORIZATION_DETAILS_MAX_BYTES,
  AUTHORIZATION_DETAILS_MAX_COUNT,
  AUTHORIZATION_DETAILS_MAX_DEPTH,
} from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { Resource, Resources } from '../resource.ts';
import type { AuthorizationDetailsType } from './authorization-details-type.ts';
import { faultBySchema } from './json-schema.ts';

/** Authorization details as they stand in answers and tokens (RFC 9396 §7, §9.1). */
type AuthorizationDetails = NonNullable<AccessTokenClaims['authorization_details']>;

const SHAPE = `it is a JSON array of 1 to ${AUTHORIZATION_DETAILS_MAX_COUNT} objects in at most ${AUTHORIZATION_DETAILS_MAX_BYTES} bytes`;

/**
 * Reads what a request asks for in detail (RFC 9396 §6) and grants it as it is, or nothing; without the parameter nothing is granted.
 *
 * Details are for the resources that they name as `locations`; without any, for each resource of the token that knows their type.
 * At each of these the client has to be allowed to use the type, and the details have to fit the schema.
 *
 * @throws OAuthError `invalid_authorization_details` (RFC 9396 §5)
 */
export function requestedAuthorizationDetails(
  parameters: FormParameters,
  client: Client,
  resources: Resources,
): { readonly authorization_details?: AuthorizationDetails } {
  const text = parameters.get('authorization_details');
  if (text === undefined) return {};
  const details = parseDetails(text);
  return {
    authorization_details: details.map((each, index) => grant(each, String(index), client, resources)),
  };
}

function grant(
  details: unknown,
  path: string,
  client: Client,
  resources: Resources,
): AuthorizationDetails[number] {
  if (!isJsonObject(details)) throw refusal(`${path} is not an object`);
  const { type, locations, ...members } = details;
  if (typeof type !== 'string') throw refusal(`${path}.type is missing or not a string`);
  for (const resource of addressed(type, locations, path, resources)) {
    const known = allowedType(type, client, resource);
    if (!known) throw unknownType(path);
    const fault = faultBySchema(members, known.schema, path);
    if (fault !== undefined) throw refusal(fault);
  }
  return { ...details, type };
}

/** Whom details are for: each of them reads the token, and would take them for granted. */
function addressed(
  type: string,
  locations: unknown,
  path: string,
  resources: Resources,
): readonly Resource[] {
  if (locations === undefined) {
    const knowing = resources.filter((resource) => findType(type, resource));
    if (knowing.length === 0) throw unknownType(path);
    return knowing;
  }
  const named = Array.isArray(locations)
    ? resources.filter(({ resource }) => locations.includes(resource))
    : [];
  if (Array.isArray(locations) && locations.length > 0 && named.length === new Set(locations).size)
    return named;
  throw refusal(`${path}.locations is not a list of resources that the token is for`);
}

/** What the client was given and the resource still knows, as it is with scopes. */
function allowedType(type: string, client: Client, resource: Resource): AuthorizationDetailsType | undefined {
  const given = client.authorization_details_types?.find((entry) => entry.resource === resource.resource);
  return given?.values.includes(type) ? findType(type, resource) : undefined;
}

function findType(type: string, { authorization_details_types }: Resource) {
  return authorization_details_types?.find((known) => known.type === type);
}

function parseDetails(text: string): readonly unknown[] {
  const parsed = text.length > AUTHORIZATION_DETAILS_MAX_BYTES ? undefined : parseJson(text);
  if (!Array.isArray(parsed) || parsed.length === 0 || parsed.length > AUTHORIZATION_DETAILS_MAX_COUNT)
    throw refusal(SHAPE);
  if (faultOfValue(parsed, AUTHORIZATION_DETAILS_MAX_DEPTH) !== undefined) {
    throw refusal(
      `it is at most ${AUTHORIZATION_DETAILS_MAX_DEPTH} levels deep, and of names, texts and numbers that every reader reads alike`,
    );
  }
  // Written as it will be: 9e15 is longer then.
  if (Buffer.byteLength(JSON.stringify(parsed)) > AUTHORIZATION_DETAILS_MAX_BYTES) throw refusal(SHAPE);
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One answer, so that no client learns which types there are that it may not use. */
function unknownType(path: string): OAuthError {
  return refusal(`${path}.type is none that the client may use there`);
}

function refusal(fault: string): OAuthError {
  return new OAuthError('invalid_authorization_details', `authorization_details: ${fault}`);
}
