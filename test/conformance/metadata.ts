import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertNotAuthenticated } from './answers.ts';
import { assertDocument, itIsPublicDocument } from './documents.ts';
import type { Suite } from './suite.ts';
import { algsOf, type Front } from './target.ts';

const METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'];
const ASSERTION_ALGS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLIENT_ALGS = [...ASSERTION_ALGS, 'HS256', 'HS384', 'HS512'];

/** Where clients look for the metadata of an issuer, whose path stands for `{path}`. */
const PLACES = [
  ['/.well-known/oauth-authorization-server{path}', 'RFC 8414 §3.1'],
  ['/.well-known/openid-configuration{path}', 'RFC 8414 §5'],
  ['{path}/.well-known/openid-configuration', 'OpenID Connect Discovery §4'],
  ['{path}/.well-known/oauth-authorization-server', 'as some clients do'],
] as const;

/** The metadata (RFC 8414) of an issuer that signs with all algorithms of a target, and has every option on. */
export function describeMetadata(suite: () => Pick<Suite, 'issuer' | 'wire'>, front: Front): void {
  const urlOf = (place: string) => {
    const { origin, pathname } = new URL(suite().issuer);
    return origin + place.replace('{path}', pathname === '/' ? '' : pathname);
  };

  describe('metadata', () => {
    for (const [place, source] of PLACES) {
      it(`is at ${place}, says what works and nothing else (${source}, RFC 8414 §2)`, async () => {
        const { issuer, wire } = suite();
        await assertDocument(wire, urlOf(place), {
          issuer,
          token_endpoint: `${issuer}/token`,
          introspection_endpoint: `${issuer}/introspect`,
          revocation_endpoint: `${issuer}/revoke`,
          jwks_uri: `${issuer}/.well-known/jwks.json`,
          registration_endpoint: `${issuer}/register`,
          grant_types_supported: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
          response_types_supported: [],
          token_endpoint_auth_methods_supported: METHODS,
          token_endpoint_auth_signing_alg_values_supported: CLIENT_ALGS,
          introspection_endpoint_auth_methods_supported: METHODS,
          introspection_endpoint_auth_signing_alg_values_supported: CLIENT_ALGS,
          revocation_endpoint_auth_methods_supported: METHODS,
          revocation_endpoint_auth_signing_alg_values_supported: CLIENT_ALGS,
          dpop_signing_alg_values_supported: ASSERTION_ALGS,
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: algsOf(front),
        });
      });
    }

    it('names endpoints that are there (RFC 8414 §2)', async () => {
      const { issuer, wire } = suite();
      const document: unknown = JSON.parse((await wire.send(urlOf(PLACES[0][0]))).text);
      for (const [name, url] of Object.entries(Object(document)).filter(
        ([member]) => member.endsWith('_endpoint') && member !== 'registration_endpoint',
      )) {
        assert.ok(String(url).startsWith(`${issuer}/`), name);
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
        assertNotAuthenticated(await wire.send(String(url), { method: 'POST', headers }));
      }
    });

    itIsPublicDocument(() => ({ wire: suite().wire, url: urlOf(PLACES[0][0]) }), front);
  });
}
