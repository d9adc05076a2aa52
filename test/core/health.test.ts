import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { healthCheck } from '../../core/health.ts';
import { createTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

describe('the health check', () => {
  let issuer: TestIssuer;
  let check: ReturnType<typeof healthCheck>;
  beforeEach(async () => {
    issuer = await createTestIssuer();
    check = healthCheck(issuer);
  });

  it('signs once in ten seconds, whoever asks, and nothing that could be a JWS (RFC 7515 §5.1)', async () => {
    const sign = mock.method(issuer.signer, 'sign');
    assert.deepEqual(await Promise.all([check(), check()]), [{ status: 'ok' }, { status: 'ok' }]);
    issuer.time.now += 9;
    await check();
    assert.equal(sign.mock.callCount(), 1);
    issuer.time.now += 1;
    await check();
    assert.deepEqual(
      sign.mock.calls.map(({ arguments: [, input] }) => String(input)),
      ['health check', 'health check'],
    );
  });

  it('fails for ten seconds when the key does not sign, without another try, and is well when it does', async () => {
    const sign = mock.method(issuer.signer, 'sign');
    sign.mock.mockImplementationOnce(async () => {
      throw new Error('the key is disabled');
    });
    await assert.rejects(check(), { message: 'the key is disabled' });
    issuer.time.now += 9;
    await assert.rejects(check(), { message: 'the key is disabled' });
    issuer.time.now += 1;
    assert.deepEqual(await check(), { status: 'ok' });
    assert.equal(sign.mock.callCount(), 2);
  });

  it('fails when the key set cannot be read, and when no key is in it', async () => {
    const load = mock.method(issuer.signingKeys, 'load');
    load.mock.mockImplementationOnce(async () => {
      throw new Error('no answer');
    });
    await assert.rejects(check(), { message: 'no answer' });
    await assert.rejects(healthCheck({ ...issuer, defaultAlg: 'PS512' })(), { reason: 'no_signing_key' });
  });
});
