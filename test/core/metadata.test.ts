import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { issuerMetadata, metadataPaths } from '../../core/metadata.ts';

describe('the metadata of an issuer', () => {
  it('lists what works and nothing else (RFC 8414 §2)', () => {
    assert.deepEqual(issuerMetadata({ identifier: 'https://auth.example.com/a' }, ['ES256', 'RS256']), {
      issuer: 'https://auth.example.com/a',
      token_endpoint: 'https://auth.example.com/a/token',
      introspection_endpoint: 'https://auth.example.com/a/introspect',
      revocation_endpoint: 'https://auth.example.com/a/revoke',
      jwks_uri: 'https://auth.example.com/a/.well-known/jwks.json',
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    });
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
