import { type Client, subjectOf } from '../client.ts';
import type { Authorization } from '../grants/grant.ts';
import type { Issuer } from '../issuer.ts';
import type { Alg } from '../jose/algorithms.ts';
import { signJwt } from '../jose/jwt.ts';
import { currentSigningKey, type KeySet, type SigningKey } from '../jose/signing-key.ts';
import { OAuthError } from '../oauth-error.ts';
import type { ReferenceTokenWriter } from '../ports/token-store.ts';
import { formatScope } from '../scope.ts';
import { ACCESS_TOKEN_TYP, type AccessTokenClaims } from './access-token-claims.ts';
import { additionalClaims } from './additional-claims.ts';
import { createJti } from './jti.ts';
import { createReferenceToken, referenceTokenJti } from './reference-token.ts';

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
  { client, resources, scope, confirmation, exchange, authorization_details, claims: added }: Authorization,
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
    ...additionalClaims(exchange ? {} : client, resources),
    ...added,
    iss: issuer.identifier,
    exp: Math.min(iat + lifetime, exchange?.expiresBy ?? Number.POSITIVE_INFINITY),
    aud: others.length === 0 ? resource.resource : resources.map((each) => each.resource),
    ...(exchange?.claims ?? ownClaims(client)),
    client_id: client.client_id,
    iat,
    jti: createJti(),
  };
  if (scope.size > 0) claims.scope = formatScope(scope);
  if (confirmation) claims.cnf = confirmation;
  if (authorization_details) claims.authorization_details = authorization_details;
  if (resource.access_token_format === 'reference') return issueReferenceToken(claims, issuer);
  const key = requireSigningKey(keySet, resource.access_token_signing_alg ?? issuer.defaultAlg, iat);
  return { access_token: await signJwt(ACCESS_TOKEN_TYP, claims, key, issuer.signer), claims, key };
}

/** Whom a token is about that a client asked for itself. */
function ownClaims(client: Client): Pick<AccessTokenClaims, 'sub' | 'may_act'> {
  return { sub: subjectOf(client), ...(client.may_act ? { may_act: client.may_act } : {}) };
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

/**
 * The key that signs with an algorithm now.
 *
 * @throws OAuthError `server_error` when the issuer has none
 */
export function requireSigningKey(keySet: KeySet, alg: Alg, now: number): SigningKey {
  const key = currentSigningKey(keySet, alg, now);
  if (key) return key;
  throw new OAuthError('server_error', `the issuer has no key that signs with ${alg}`, {
    reason: 'no_signing_key',
  });
}
