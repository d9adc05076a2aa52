import * as v from 'valibot';
import { additionalClaims } from './additional-claims.ts';
import type { Alg } from './algorithms.ts';
import { ClientIdSchema } from './client-id.ts';
import type { Authorization } from './grants/grant.ts';
import type { Issuer } from './issuer.ts';
import { createJti } from './jti.ts';
import { decodeJwt, isSignedBy, signJwt } from './jwt.ts';
import { ACCESS_TOKEN_MAX_CHARACTERS, TOKEN_RESOURCES_MAX } from './limits.ts';
import { OAuthError } from './oauth-error.ts';
import type { ReferenceTokenWriter } from './ports/token-store.ts';
import { createReferenceToken, referenceTokenJti } from './reference-token.ts';
import { ResourceIdentifierSchema } from './resource.ts';
import { formatScope } from './scope.ts';
import { currentSigningKey, type KeySet, publishedKeys, type SigningKey } from './signing-key.ts';

/** The media type of an access token, as its `typ` has it (RFC 9068 §2.1): no ID token or assertion can pass for one. */
const TYP = 'at+jwt';

/** The claims of an access token (RFC 9068 §2.2), and those that its client and resource have besides. */
export const AccessTokenClaimsSchema = v.looseObject({
  iss: v.string(),
  exp: v.number(),
  /** A list where there are several (RFC 7519 §4.1.3). */
  aud: v.union([
    ResourceIdentifierSchema,
    v.pipe(v.array(ResourceIdentifierSchema), v.minLength(2), v.maxLength(TOKEN_RESOURCES_MAX)),
  ]),
  sub: v.string(),
  client_id: ClientIdSchema,
  iat: v.number(),
  jti: v.string(),
  scope: v.exactOptional(v.string()),
});

export type AccessTokenClaims = v.InferOutput<typeof AccessTokenClaimsSchema>;

/** What a token is for, as the log has it: several with spaces between, which no identifier has. */
export function describeAudience(aud: AccessTokenClaims['aud']): string {
  return [aud].flat().join(' ');
}

/** A token as it was issued. */
export interface IssuedAccessToken {
  readonly access_token: string;
  readonly claims: AccessTokenClaims;
  /** What signed it; undefined for a reference token, which nothing signs. */
  readonly key?: SigningKey;
}

/**
 * Issues the access token of an authorization: a JWT as RFC 9068 has it, signed by the current key of its resources' algorithm, or,
 * for resources that want these, a reference token, whose claims are the same and are kept in the token store.
 *
 * @throws OAuthError `server_error` when the issuer has no such key.
 */
export async function issueAccessToken(
  { client, resources, scope }: Authorization,
  keySet: KeySet,
  issuer: Pick<Issuer, 'identifier' | 'defaultAlg' | 'accessTokenLifetimeSeconds' | 'signer' | 'clock'> & {
    readonly tokens: ReferenceTokenWriter;
  },
): Promise<IssuedAccessToken> {
  const iat = issuer.clock();
  const [resource, ...others] = resources;
  const lifetime = Math.min(
    ...resources.map((each) => each.access_token_lifetime ?? issuer.accessTokenLifetimeSeconds),
    client.access_token_lifetime ?? Number.POSITIVE_INFINITY,
  );
  const claims: AccessTokenClaims = {
    // First, so that nothing in them could stand for a claim below.
    ...additionalClaims(client, resources),
    iss: issuer.identifier,
    exp: iat + lifetime,
    aud: others.length === 0 ? resource.resource : resources.map((each) => each.resource),
    sub: client.subject ?? client.client_id,
    client_id: client.client_id,
    iat,
    jti: createJti(),
    ...(scope.size > 0 ? { scope: formatScope(scope) } : {}),
  };
  if (resource.access_token_format === 'reference') return issueReferenceToken(claims, issuer);
  const key = requireSigningKey(keySet, resource.access_token_signing_alg ?? issuer.defaultAlg, iat);
  return { access_token: await signJwt(TYP, claims, key, issuer.signer), claims, key };
}

async function issueReferenceToken(
  claims: AccessTokenClaims,
  { tokens }: { readonly tokens: ReferenceTokenWriter },
): Promise<IssuedAccessToken> {
  const access_token = createReferenceToken();
  const kept = { ...claims, jti: referenceTokenJti(access_token) };
  await tokens.add(kept);
  return { access_token, claims: kept };
}

function requireSigningKey(keySet: KeySet, alg: Alg, now: number): SigningKey {
  const key = currentSigningKey(keySet, alg, now);
  if (key) return key;
  throw new OAuthError('server_error', `the issuer has no key that signs with ${alg}`, {
    reason: 'no_signing_key',
  });
}

/** Why a string is not an access token of this issuer's that is still good: the log has it, the caller never does. */
export type AccessTokenRefusal =
  | 'malformed'
  | 'wrong_type'
  | 'unknown_key'
  | 'wrong_algorithm'
  | 'wrong_signature'
  | 'wrong_issuer'
  | 'unknown_token'
  | 'revoked'
  | 'expired';

/**
 * Reads an access token that this issuer made and that has not expired (RFC 9068 §4), or says why it is none.
 *
 * The key is one of ours, found by `kid`; `alg` comes from that key; `jku`, `jwk` and `x5u` are not even looked at.
 */
export function readAccessToken(
  token: string,
  keySet: KeySet,
  { identifier, clock }: Pick<Issuer, 'identifier' | 'clock'>,
): AccessTokenClaims | AccessTokenRefusal {
  if (token.length > ACCESS_TOKEN_MAX_CHARACTERS) return 'malformed';
  const jwt = decodeJwt(token);
  if (!jwt) return 'malformed';
  if (jwt.header['typ'] !== TYP) return 'wrong_type';
  // No extension is understood here, so none can be critical (RFC 7515 §4.1.11).
  if (jwt.header['crit'] !== undefined) return 'malformed';
  const now = clock();
  const key = publishedKeys(keySet, now).find((candidate) => candidate.kid === jwt.header['kid']);
  if (!key) return 'unknown_key';
  if (jwt.header['alg'] !== key.alg) return 'wrong_algorithm';
  if (!isSignedBy(jwt, key)) return 'wrong_signature';
  const claims = v.safeParse(AccessTokenClaimsSchema, jwt.claims);
  if (!claims.success) return 'malformed';
  if (claims.output.iss !== identifier) return 'wrong_issuer';
  return now < claims.output.exp ? claims.output : 'expired';
}
