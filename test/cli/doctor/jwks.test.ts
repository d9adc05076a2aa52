import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Deployment } from '../../../cli/doctor/deployment.ts';
import { jwks } from '../../../cli/doctor/jwks.ts';
import { jsonWebKeySet } from '../../../core/jose/jwks.ts';
import { found, healthyDeployment, JWKS_URI, withDocument, withKeys } from './healthy-deployment.ts';

const LEADS = 'see that the name of the issuer leads to the API of this stack';

async function publishedKey(deployment: Deployment) {
  const [key] = jsonWebKeySet(await deployment.store.signingKeys.load(), deployment.clock()).keys;
  return key ?? assert.fail('there is no key');
}

describe('signet doctor: jwks', () => {
  it('finds that it cannot be had', async () => {
    const fault = { found: `${JWKS_URI} answers 502`, mend: 'Look.' };
    const deployment = { ...(await healthyDeployment()), fetchDocument: async () => fault };
    assert.deepEqual(await found(jwks, deployment), [`${JWKS_URI} answers 502 | Look.`]);
  });

  it('finds that it is none', async () => {
    const deployment = withDocument(await healthyDeployment(), JWKS_URI, { message: 'Forbidden' });
    assert.deepEqual(await found(jwks, deployment), [`${JWKS_URI} answers no JWK Set | ${LEADS}`]);
  });

  it('finds a key of the table that is not in it', async () => {
    const healthy = await healthyDeployment();
    const { kid } = await publishedKey(healthy);
    assert.deepEqual(await found(jwks, withDocument(healthy, JWKS_URI, { keys: [] })), [
      `${JWKS_URI} has not the key ${kid} of the Keys table, whose tokens are refused | ${LEADS}, and that no cache keeps the JWKS for longer than it may`,
    ]);
  });

  it('finds a key that the table has not, and one that the table has otherwise', async () => {
    const healthy = await healthyDeployment();
    const key = await publishedKey(healthy);
    const keys = [key, { ...key, kid: 'foreign' }, { ...key, use: 'enc' }];
    const mend = `ask again in six minutes, when caches have dropped one that was removed; if it stays, ${LEADS}`;
    assert.deepEqual(await found(jwks, withDocument(healthy, JWKS_URI, { keys })), [
      `${JWKS_URI} has a key foreign that the Keys table has not, or not so | ${mend}`,
      `${JWKS_URI} has a key ${key.kid} that the Keys table has not, or not so | ${mend}`,
    ]);
  });

  it('gives caches six minutes', async () => {
    const healthy = await healthyDeployment();
    const now = healthy.clock();
    const justPublished = await withKeys(healthy, (key) => [{ ...key, published_at: now - 359 }]);
    assert.deepEqual(await found(jwks, withDocument(justPublished, JWKS_URI, { keys: [] })), []);
    const justGone = await withKeys(healthy, (key) => [{ ...key, published_until: now - 359 }]);
    assert.deepEqual(await found(jwks, justGone), []);
    const longGone = await withKeys(healthy, (key) => [{ ...key, published_until: now - 360 }]);
    assert.equal((await found(jwks, longGone)).length, 1);
  });
});
