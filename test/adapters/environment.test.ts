import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { readSetting, SETTINGS } from '../../adapters/environment.ts';

describe('a setting in the environment', () => {
  afterEach(() => {
    for (const { name } of Object.values(SETTINGS)) delete process.env[name];
  });

  const good = [
    [SETTINGS.issuer, 'https://auth.example.com', 'https://auth.example.com'],
    [SETTINGS.signingAlgs, 'ES256,RS256', ['ES256', 'RS256']],
    [SETTINGS.accessTokenLifetime, '600', 600],
    [SETTINGS.mutualTlsUrl, 'https://mtls.example.com', 'https://mtls.example.com'],
    [SETTINGS.mutualTlsUrl, '', undefined],
    [SETTINGS.cache, '0', 0],
    [SETTINGS.dpopNonces, 'true', true],
    [SETTINGS.privateHosts, 'issuer.internal,10.0.0.1', ['issuer.internal', '10.0.0.1']],
    [SETTINGS.tokenEndpointAudience, 'true', true],
    [SETTINGS.signedIntrospection, 'true', true],
    [SETTINGS.clientSecretJwt, 'true', true],
    [SETTINGS.clientSecretKey, 'arn:aws:kms:us-east-1:1:key/1', 'arn:aws:kms:us-east-1:1:key/1'],
    [SETTINGS.clientSecretKey, 'none', undefined],
    [SETTINGS.metrics, 'none', undefined],
    [SETTINGS.metrics, 'Signet/Auth/Issuer', 'Signet/Auth/Issuer'],
    [SETTINGS.clientsTable, 'Clients', 'Clients'],
  ] as const;
  for (const [setting, text, value] of good) {
    it(`${setting.name}=${text} is read`, () => {
      process.env[setting.name] = text;
      assert.deepEqual(readSetting<unknown>(setting), value);
    });
  }

  const bad = [
    [SETTINGS.issuer, 'https://auth.example.com/'],
    [SETTINGS.issuer, undefined],
    [SETTINGS.mutualTlsUrl, 'true'],
    [SETTINGS.keysTable, undefined],
    [SETTINGS.tokensTable, ''],
    [SETTINGS.signingAlgs, 'HS256'],
    [SETTINGS.signingAlgs, ''],
    [SETTINGS.accessTokenLifetime, '1h'],
    [SETTINGS.accessTokenLifetime, '59'],
    [SETTINGS.cache, '-1'],
    [SETTINGS.cache, '301'],
    [SETTINGS.dpopNonces, '1'],
    [SETTINGS.privateHosts, 'https://issuer.internal'],
    [SETTINGS.tokenEndpointAudience, 'yes'],
    [SETTINGS.signedIntrospection, 'yes'],
    [SETTINGS.clientSecretJwt, 'yes'],
    [SETTINGS.clientSecretKey, ''],
  ] as const;
  for (const [setting, text] of bad) {
    it(`${setting.name}=${text} keeps a function from starting, and the error names it`, () => {
      if (text !== undefined) process.env[setting.name] = text;
      assert.throws(() => readSetting<unknown>(setting), new RegExp(`^Error: ${setting.name}: `));
    });
  }

  it('has its default where it has one', () => {
    assert.deepEqual(readSetting(SETTINGS.signingAlgs), ['RS256']);
    assert.equal(readSetting(SETTINGS.accessTokenLifetime), 3600);
    assert.equal(readSetting(SETTINGS.cache), 10);
    assert.equal(readSetting(SETTINGS.dpopNonces), false);
    assert.deepEqual(readSetting(SETTINGS.privateHosts), []);
    assert.equal(readSetting(SETTINGS.tokenEndpointAudience), false);
    assert.equal(readSetting(SETTINGS.signedIntrospection), false);
  });
});
