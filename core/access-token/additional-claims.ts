import * as v from 'valibot';
import type { Client } from '../client.ts';
import { UNSAFE_NAMES } from '../json-object.ts';
import { CLAIMS_MAX_BYTES, CLAIMS_MAX_COUNT, CLAIMS_MAX_DEPTH } from '../limits.ts';
import type { Resources } from '../resource.ts';

/** Claims that Signet sets, or that tell their reader whom to trust with what: no operator's claims can stand for them. */
export const RESERVED_CLAIMS: ReadonlySet<string> = new Set([
  // RFC 7519 §4.1
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  // RFC 9068 §2.2, and the names that other issuers have for the scope and the client
  ...['client_id', 'scope', 'scp', 'auth_time', 'acr', 'amr', 'roles', 'groups', 'cid', 'appid'],
  // Proof of possession (RFC 7800, RFC 9449), delegation (RFC 8693), authorization details (RFC 9396)
  ...['cnf', 'htm', 'htu', 'ath', 'act', 'may_act', 'authorization_details'],
  // OpenID Connect Core §2, Back-Channel Logout §2.4, Native SSO, and security events (RFC 8417, RFC 9493)
  ...[
    'azp',
    'nonce',
    'at_hash',
    'c_hash',
    's_hash',
    'ds_hash',
    'sid',
    'sub_jwk',
    'events',
    'toe',
    'txn',
    'sub_id',
  ],
  // Members of an introspection response (RFC 7662 §2.2, RFC 9701 §5) and of a JOSE header (RFC 7515 §4.1)
  ...['active', 'token_type', 'username', 'token_introspection'],
  ...['typ', 'alg', 'kid', 'jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'cty', 'crit', 'enc', 'zip'],
]);

/** DynamoDB keeps smaller numbers as another one, or not at all. */
const NUMBER_MIN = 1e-100;

/** Claims that an operator gives a client or a resource, as they are to stand in tokens. */
export type AdditionalClaims = Readonly<Record<string, unknown>>;

/** A JSON object of claims: bounded, none of them reserved, and each such that every store keeps it as it is. */
export const AdditionalClaimsSchema = v.pipe(
  v.custom<AdditionalClaims>(isObject, 'claims are a JSON object'),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? faultOf(dataset.value) : undefined;
    if (fault !== undefined) addIssue({ message: fault });
  }),
);

/**
 * What a token says beside the claims of RFC 9068 §2.2: where client and resource both have a claim, the client's counts.
 *
 * Several resources of one token have the same claims; of roles and groups the client has to have them at each.
 */
export function additionalClaims(
  client: Pick<Client, 'claims' | 'roles' | 'groups'>,
  resources: Resources,
): AdditionalClaims {
  const claims: Record<string, unknown> = { ...resources[0].claims, ...client.claims };
  for (const claim of ['roles', 'groups'] as const) {
    const entries = client[claim];
    const held = entries ? heldAtEach(entries, resources) : [];
    if (held.length > 0) claims[claim] = held;
  }
  return claims;
}

/** The roles or groups that a client has at every one of its token's resources. */
function heldAtEach(
  entries: NonNullable<Client['roles' | 'groups']>,
  resources: Resources,
): readonly string[] {
  const [first = [], ...others] = resources.map(({ resource }) => {
    return entries.find((entry) => entry.resource === resource)?.values ?? [];
  });
  return first.filter((value) => others.every((values) => values.includes(value)));
}

/** Why claims cannot be an operator's; undefined when they can. */
function faultOf(claims: AdditionalClaims): string | undefined {
  const names = Object.keys(claims);
  const reserved = names.find((name) => RESERVED_CLAIMS.has(name));
  if (reserved !== undefined) return `the claim ${reserved} is reserved`;
  if (names.length > CLAIMS_MAX_COUNT) return `at most ${CLAIMS_MAX_COUNT} claims`;
  const fault = faultOfValue(claims, CLAIMS_MAX_DEPTH);
  if (fault !== undefined) return fault;
  const isTooLong = Buffer.byteLength(JSON.stringify(claims)) > CLAIMS_MAX_BYTES;
  return isTooLong ? `claims have at most ${CLAIMS_MAX_BYTES} bytes of JSON` : undefined;
}

/** Why a value is not JSON that every reader and store has as it is, within so many levels; undefined when it is. */
export function faultOfValue(value: unknown, levels: number): string | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return faultOfText(value);
  if (typeof value === 'number') return faultOfNumber(value);
  if (levels === 0) return `claims are at most ${CLAIMS_MAX_DEPTH} levels deep`;
  if (Array.isArray(value)) return firstFault(value.map((element) => faultOfValue(element, levels - 1)));
  if (!isObject(value)) return 'claims are what JSON can say';
  return firstFault(
    Object.entries(value).map(([name, inner]) => faultOfName(name) ?? faultOfValue(inner, levels - 1)),
  );
}

function faultOfName(name: string): string | undefined {
  if (name === '') return 'a claim has a name that is empty';
  return UNSAFE_NAMES.has(name) ? `a claim cannot have the name ${name}` : faultOfText(name);
}

function faultOfText(text: string): string | undefined {
  return text.isWellFormed() ? undefined : 'claims are whole Unicode characters';
}

function faultOfNumber(number: number): string | undefined {
  const size = Math.abs(number);
  if (number === 0 || (size >= NUMBER_MIN && size <= Number.MAX_SAFE_INTEGER)) return undefined;
  return 'a number in claims is one that every reader reads alike: write it as a string';
}

function firstFault(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}

function isObject(value: unknown): value is AdditionalClaims {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
