import type { AccessTokenClaims } from '../../core/access-token/access-token-claims.ts';
import type { Client } from '../../core/client.ts';
import type { Readings } from '../../core/client-authentication/presented-secret.ts';
import type { ClientId } from '../../core/client-id.ts';
import type { Authorization } from '../../core/grants/grant.ts';
import { introspect } from '../../core/introspection-endpoint.ts';
import type { Issuer } from '../../core/issuer.ts';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { KeyId, PublicJwk, SigningKey } from '../../core/jose/signing-key.ts';
import type { ClientMetadata } from '../../core/management/clients.ts';
import type { ClientDescription } from '../../core/management/description.ts';
import { retireSigningKey } from '../../core/management/signing-keys.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import type { OAuthRequest } from '../../core/oauth-request.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import type { ResourceIdentifier } from '../../core/resource.ts';
import { formatScope, type Scope } from '../../core/scope.ts';
import { requestToken } from '../../core/token-endpoint.ts';

// Nothing here runs: tsc fails where a line that follows `@ts-expect-error` compiles after all.

declare function take<T>(value: T): void;

export function identifiersOfDifferentKinds(
  client_id: ClientId,
  scope: Scope,
  kid: KeyId,
  resource: ResourceIdentifier,
  { clients, resources, ...issuer }: Issuer,
): void {
  // @ts-expect-error a scope is no client identifier
  take<ClientId>(scope);
  // @ts-expect-error a resource identifier is no client identifier
  take<ClientId>(resource);
  // @ts-expect-error a client identifier is no scope
  take<Scope>(client_id);
  // @ts-expect-error a key identifier is no scope
  take<Scope>(kid);
  // @ts-expect-error a client identifier is no key identifier
  take<KeyId>(client_id);
  // @ts-expect-error a key identifier is no resource identifier
  take<ResourceIdentifier>(kid);
  // @ts-expect-error text that nobody parsed is no client identifier
  take<ClientId>('backend');
  // @ts-expect-error text that nobody parsed is no scope
  formatScope(['read']);
  // @ts-expect-error a client is not found by a resource identifier
  void clients.find(resource);
  // @ts-expect-error a resource is not found by a client identifier
  void resources.find(client_id);
  // @ts-expect-error a key is not retired by the identifier of a client
  void retireSigningKey(client_id, issuer);
}

export function keysWithPrivateMembers(key: SigningKey): void {
  // @ts-expect-error the private exponent of an RSA key is not public
  take<PublicJwk>({ kty: 'RSA', n: 'n', e: 'AQAB', d: 'd' });
  // @ts-expect-error the private value of an EC key is not public
  take<PublicJwk>({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' });
  // @ts-expect-error the private value of an Ed25519 key is not public
  take<PublicJwk>({ kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd' });
  // @ts-expect-error the seed of an ML-DSA key is not public
  take<PublicJwk>({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'pub', priv: 'priv' });
  // @ts-expect-error a symmetric key has no public half
  take<PublicJwk>({ kty: 'oct', k: 'k' });
  // @ts-expect-error an EC key without a coordinate is none
  take<PublicJwk>({ kty: 'EC', crv: 'P-256', x: 'x' });
  // @ts-expect-error a signing key is kept without its private half
  take<SigningKey>({ ...key, private_jwk: 'd' });
  // @ts-expect-error no secret that others have signs tokens
  take<Alg>('HS256');
  // @ts-expect-error no token goes unsigned
  take<Alg>('none');
}

export function secretsWhereTheyDoNotBelong(client: Client, description: ClientDescription): void {
  // @ts-expect-error the log has no place for a secret
  take<RequestRecord>({ client_secret: 'secret' });
  // @ts-expect-error the log has no place for a token
  take<RequestRecord>({ access_token: 'token' });
  // @ts-expect-error a description has no hashes
  take<string | undefined>(description.client_secrets[0]?.sha256);
  // @ts-expect-error an operator says nothing of the secrets of a client through its metadata
  take<ClientMetadata>({ client_secrets: client.client_secrets });
  // @ts-expect-error an operator does not choose a version
  take<ClientMetadata>({ version: 1 });
}

export function whatTheProtocolDoesNotHave(claims: AccessTokenClaims, authorization: Authorization): void {
  // @ts-expect-error this code is of RFC 6750 §3.1, and no endpoint here answers it
  new OAuthError('insufficient_scope', 'why');
  const { exp, ...immortal } = claims;
  // @ts-expect-error every token expires (RFC 9068 section 2.2)
  take<AccessTokenClaims>(immortal);
  // @ts-expect-error what is authorized are scopes that were parsed
  take<Authorization>({ ...authorization, scope: new Set(['read']) });
  // @ts-expect-error a member that is absent is not undefined
  take<Partial<Client>>({ access_token_lifetime: undefined });
  // @ts-expect-error credentials are read in one way at least
  take<Readings>([]);
}

export function endpointsThatAreGivenMoreOrLess(
  request: OAuthRequest,
  { signer, tokens, ...rest }: Issuer,
): void {
  // Introspection cannot sign, and the token endpoint revokes no tokens: these two compile.
  void introspect(request, { ...rest, tokens }, {});
  const { revoke, ...kept } = tokens;
  void requestToken(request, { ...rest, signer, tokens: kept }, {});
  // @ts-expect-error introspection asks whether a token is revoked
  void introspect(request, rest, {});
  // @ts-expect-error the token endpoint signs
  void requestToken(request, { ...rest, tokens }, {});
  // @ts-expect-error the token endpoint keeps reference tokens
  void requestToken(request, { ...rest, signer }, {});
}
