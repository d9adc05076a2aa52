import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secrets } from '../../../cli/doctor/secrets.ts';
import { makeClient } from '../../support/records.ts';
import { DAY, found, healthyDeployment } from './healthy-deployment.ts';

const NOW = 1_800_000_000 + DAY;
const MEND = 'give it another: signet clients secrets add reporter --stack Signet';

function secret(expires_at?: number) {
  return { secret_id: 's', sha256: 'x', created_at: 1, ...(expires_at === undefined ? {} : { expires_at }) };
}

describe('signet doctor: secrets', () => {
  for (const [what, members, faults] of [
    [
      'a client whose last secret expires in two weeks',
      { client_secrets: [secret(NOW + 2 * DAY), secret(NOW + 14 * DAY)] },
      [`the last secret of reporter expires at 2027-01-30T08:00:00.000Z | ${MEND}`],
    ],
    [
      'a client whose last secret expired',
      { client_secrets: [secret(NOW)] },
      [`the last secret of reporter expired at 2027-01-16T08:00:00.000Z | ${MEND}`],
    ],
    ['nothing where a secret expires later', { client_secrets: [secret(NOW), secret(NOW + 15 * DAY)] }, []],
    ['nothing where a secret never expires', { client_secrets: [secret(NOW), secret()] }, []],
    ['nothing where a client is disabled', { client_secrets: [secret(NOW)], enabled: false }, []],
    ['nothing where a client has no secrets', { token_endpoint_auth_method: 'private_key_jwt' }, []],
  ] as const) {
    it(`finds ${what}`, async () => {
      const deployment = await healthyDeployment();
      await deployment.store.clients.create(makeClient('reporter', members));
      assert.deepEqual(await found(secrets, deployment), faults);
    });
  }
});
