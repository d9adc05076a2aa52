import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { issuerMetadata, metadataPaths } from '../../core/metadata.ts';

const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const ASSERTION_ALGS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

const SETTINGS = { identifier: 'https://auth.example.com/a', clientSecretJwt: false };

describe('the metadata of an issuer', () => {
  it('lists what works and nothing else (RFC 8414 §2)', () => {
    assert.deepEqual(issuerMetadata(SETTINGS, ['ES256', 'RS256']), {
      issuer: 'https://auth.example.com/a',
      token_endpoint: 'https://auth.example.com/a/token',
      introspection_endpoint: 'https://auth.example.com/a/introspect',
      revocation_endpoint: 'https://auth.example.com/a/revoke',
      jwks_uri: 'https://auth.example.com/a/.well-known/jwks.json',
      grant_types_supported: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: METHODS,
      token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
      introspection_endpoint_auth_methods_supported: METHODS,
      introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
      revocation_endpoint_auth_methods_supported: METHODS,
      revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
      dpop_signing_alg_values_supported: ASSERTION_ALGS,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    });
  });

  it('lists what works by certificate where clients show some (RFC 8705 §3.3, §5)', () => {
    const identifier = 'https://auth.example.com/a';
    const without = issuerMetadata({ identifier }, ['ES256']);
    const methods = [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ];
    const mutualTlsUrl = 'https://mtls.example.com/a';
    assert.deepEqual(issuerMetadata({ identifier, mutualTlsUrl }, ['ES256']), {
      ...without,
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: {
        token_endpoint: 'https://mtls.example.com/a/token',
        introspection_endpoint: 'https://mtls.example.com/a/introspect',
        revocation_endpoint: 'https://mtls.example.com/a/revoke',
      },
    });
  });

  it('lists what introspection responses are signed with where they are (RFC 9701 §7)', () => {
    const issuer = { identifier: 'https://auth.example.com', signedIntrospection: true };
    const { introspection_signing_alg_values_supported } = issuerMetadata(issuer, ['ES256', 'RS256']);
    assert.deepEqual(introspection_signing_alg_values_supported, ['ES256', 'RS256']);
  });

  it('lists client_secret_jwt and its algorithms where clients can authenticate by it', () => {
    const metadata = issuerMetadata({ ...SETTINGS, clientSecretJwt: true }, ['ES256']);
    for (const endpoint of ['token', 'introspection', 'revocation']) {
      assert.deepEqual(metadata[`${endpoint}_endpoint_auth_methods_supported`], [
        ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'],
      ]);
      assert.deepEqual(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`], [
        ...ASSERTION_ALGS,
        ...['HS256', 'HS384', 'HS512'],
      ]);
    }
  });

  it('is found at two paths', () => {
    assert.deepEqual(metadataPaths(''), [
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
    ]);
  });

  it('of an issuer with a path is found before that path (RFC 8414 §3.1) and behind it', () => {
    assert.deepEqual(metadataPaths('/a/b'), [
      '/.well-known/oauth-authorization-server/a/b',
      '/a/b/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration/a/b',
      '/a/b/.well-known/openid-configuration',
    ]);
  });
});
