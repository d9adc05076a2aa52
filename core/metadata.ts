import { ASSERTION_ALGS } from './client-authentication/assertion-algorithms.ts';
import { MAC_ALGS } from './client-authentication/mac-algorithms.ts';
import { CLIENT_AUTHENTICATION_METHODS, MUTUAL_TLS_METHODS } from './client-authentication/method-names.ts';
import { GRANT_TYPES } from './grant-types.ts';
import type { Issuer } from './issuer.ts';
import type { Alg } from './jose/algorithms.ts';

/** The path of each endpoint behind the issuer identifier. */
export const ENDPOINT_PATHS = {
  token_endpoint: '/token',
  introspection_endpoint: '/introspect',
  revocation_endpoint: '/revoke',
  jwks_uri: '/.well-known/jwks.json',
} as const;

/** The path of registration (RFC 7591 §3), and of what a client does with its own (RFC 7592 §2). */
export const REGISTRATION_PATH = '/register';

/** What the metadata says of an issuer beside its algorithms: the options that are on. */
export interface MetadataSettings
  extends Pick<Issuer, 'identifier' | 'mutualTlsUrl' | 'signedIntrospection'> {
  readonly registration?: boolean;
  readonly clientSecretJwt?: boolean;
}

/**
 * The issuer's metadata (RFC 8414 §2), listing what works and nothing else.
 *
 * OpenID discovery serves the same document, for the many clients that look there only. Three members stand in it for them:
 * `response_types_supported` is required and empty, for there is no authorization endpoint; `subject_types_supported` is true
 * of `sub`, the same for every resource; verifiers such as go-oidc take the algorithms of all tokens from
 * `id_token_signing_alg_values_supported`.
 */
export function issuerMetadata(
  { identifier, mutualTlsUrl, registration, signedIntrospection, clientSecretJwt }: MetadataSettings,
  algs: readonly Alg[],
): Readonly<Record<string, unknown>> {
  const assertionAlgs = clientSecretJwt ? [...ASSERTION_ALGS, ...MAC_ALGS] : ASSERTION_ALGS;
  const endpoints = Object.entries(ENDPOINT_PATHS).map(([name, path]) => [name, identifier + path]);
  const methods = [
    ...CLIENT_AUTHENTICATION_METHODS.filter((name) => clientSecretJwt || name !== 'client_secret_jwt'),
    ...(mutualTlsUrl === undefined ? [] : MUTUAL_TLS_METHODS),
  ];
  return {
    issuer: identifier,
    ...Object.fromEntries(endpoints),
    ...(registration ? { registration_endpoint: identifier + REGISTRATION_PATH } : {}),
    grant_types_supported: GRANT_TYPES,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgs,
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgs,
    ...(signedIntrospection ? { introspection_signing_alg_values_supported: algs } : {}),
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgs,
    dpop_signing_alg_values_supported: ASSERTION_ALGS,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algs,
    ...(mutualTlsUrl === undefined ? {} : mutualTlsMetadata(mutualTlsUrl)),
  };
}

/** RFC 8705 §3.3, §5. */
function mutualTlsMetadata(url: string): Readonly<Record<string, unknown>> {
  const { jwks_uri, ...authenticated } = ENDPOINT_PATHS;
  const aliases = Object.entries(authenticated).map(([name, path]) => [name, url + path]);
  return {
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: Object.fromEntries(aliases),
  };
}

/**
 * The paths at which an issuer's metadata is looked for: before the issuer's own path as RFC 8414 §3.1 inserts it, and behind
 * it as OpenID Connect Discovery §4 appends it.
 */
export function metadataPaths(issuerPath: string): readonly string[] {
  const names = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];
  return [...new Set(names.flatMap((name) => [name + issuerPath, issuerPath + name]))];
}
