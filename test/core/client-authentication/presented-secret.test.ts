import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { authenticateBySecret, type Readings } from '../../../core/client-authentication/presented-secret.ts';
import { hashClientSecret } from '../../../core/client-secret.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { makeClient } from '../../support/records.ts';

const NOW = 1_800_000_000;
const stored = (secret: string, expires_at?: number) => ({
  secret_id: secret,
  sha256: hashClientSecret(secret),
  created_at: 0,
  ...(expires_at === undefined ? {} : { expires_at }),
});

const CLIENTS = [
  makeClient('one-secret', { client_secrets: [stored('good')] }),
  makeClient('two-secrets', { client_secrets: [stored('other'), stored('good')] }),
  makeClient('expiring', { client_secrets: [stored('good', NOW + 60), stored('other', NOW + 90)] }),
  makeClient('expired', { client_secrets: [stored('good', NOW)] }),
  makeClient('no-secret'),
  makeClient('disabled', { client_secrets: [stored('good')], enabled: false }),
  makeClient('public', { token_endpoint_auth_method: 'none' }),
  makeClient('once-confidential', { token_endpoint_auth_method: 'none', client_secrets: [stored('good')] }),
  makeClient('a+b', { client_secrets: [stored('raw')] }),
  makeClient('a b', { client_secrets: [stored('decoded')] }),
];

let ports: MemoryPorts;
beforeEach(async () => {
  ports = memoryPorts();
  for (const client of CLIENTS) await ports.clients.create(client);
});

async function authenticate(readings: Readings, record: RequestRecord = {}): Promise<string> {
  const { client_id } = await authenticateBySecret(readings, { ...ports, clock: () => NOW }, record);
  return client_id;
}

describe('authenticateBySecret', () => {
  for (const [client_secret, secret_expires_in] of [
    ['good', 60],
    ['other', 90],
  ] as const) {
    it(`tells the log for how long the secret ${client_secret} is good, which expires`, async () => {
      const record: RequestRecord = {};
      await authenticate([{ client_id: 'expiring', client_secret }], record);
      assert.deepEqual(record, { client_id: 'expiring', secret_expires_in });
    });
  }

  for (const client_id of ['one-secret', 'two-secrets', 'disabled', 'once-confidential']) {
    it(`finds ${client_id} by its secret, and tells the log`, async () => {
      const record: RequestRecord = {};
      assert.equal(await authenticate([{ client_id, client_secret: 'good' }], record), client_id);
      assert.deepEqual(record, { client_id });
    });
  }

  for (const [what, client_id, client_secret, reason] of [
    ['a secret that is not the client’s', 'one-secret', 'bad', 'wrong_secret'],
    ['the empty secret', 'one-secret', '', 'wrong_secret'],
    ['the hash of a secret', 'one-secret', hashClientSecret('good'), 'wrong_secret'],
    ['a secret in place of a client without one', 'no-secret', 'good', 'wrong_secret'],
    ['a secret that has expired', 'expired', 'good', 'secret_expired'],
    ['a wrong secret of a client whose own has expired', 'expired', 'bad', 'wrong_secret'],
    ['a secret of a public client', 'public', 'good', 'public_client'],
  ] as const) {
    it(`refuses ${what}, and tells the log whose it is`, async () => {
      const record: RequestRecord = {};
      await assert.rejects(authenticate([{ client_id, client_secret }], record), {
        code: 'invalid_client',
        description: 'client authentication failed',
        reason,
      });
      assert.deepEqual(record, { client_id });
    });
  }

  for (const client_id of ['unknown', '', 'not ASCII: é', '__proto__', 'a'.repeat(256)]) {
    it(`refuses a client "${client_id.slice(0, 15)}" that is none, and tells the log its hash only`, async () => {
      const record: RequestRecord = {};
      await assert.rejects(authenticate([{ client_id, client_secret: 'good' }], record), {
        code: 'invalid_client',
        description: 'client authentication failed',
        reason: 'unknown_client',
      });
      const sha256 = crypto.createHash('sha256').update(client_id).digest('hex');
      assert.deepEqual(record, { unknown_client_id_sha256: sha256.slice(0, 16) });
    });
  }

  it('tries both readings, and takes the client whose secret is right', async () => {
    const readings = (client_secret: string): Readings => [
      { client_id: 'a b', client_secret },
      { client_id: 'a+b', client_secret },
    ];
    assert.equal(await authenticate(readings('decoded')), 'a b');
    assert.equal(await authenticate(readings('raw')), 'a+b');
    await assert.rejects(authenticate(readings('good')), { reason: 'wrong_secret' });
    const one = { client_id: 'one-secret', client_secret: 'good' };
    assert.equal(await authenticate([{ ...one, client_secret: 'go od' }, one]), 'one-secret');
    assert.equal(await authenticate([{ ...one, client_id: 'unknown' }, one]), 'one-secret');
  });
});

describe('the work of authenticateBySecret', () => {
  const refused = (decoded: string, raw: string): Readings => [
    { client_id: decoded, client_secret: 'bad' },
    { client_id: raw, client_secret: 'bad' },
  ];

  afterEach(() => {
    mock.restoreAll();
    syncBuiltinESMExports();
  });

  /** Counts the look-ups and the hashes that readings take, whatever comes of them. */
  async function workOf(readings: Readings) {
    const find = mock.fn(ports.clients.find);
    const hash = mock.method(crypto, 'hash');
    syncBuiltinESMExports();
    const clients = { ...ports.clients, find };
    await authenticateBySecret(readings, { clients, clock: () => NOW }, {}).catch(() => undefined);
    return { lookups: find.mock.callCount(), hashes: hash.mock.callCount() };
  }

  for (const client_id of [...CLIENTS.map((client) => client.client_id), 'unknown']) {
    it(`is one look-up and two hashes when ${client_id} is refused by one reading`, async () => {
      assert.deepEqual(await workOf([{ client_id, client_secret: 'bad' }]), { lookups: 1, hashes: 2 });
    });
  }

  for (const [decoded, raw] of [
    ['a b', 'a+b'],
    ['a b', 'unknown+b'],
    ['unknown b', 'a+b'],
    ['unknown b', 'unknown+b'],
  ] as const) {
    it(`is two look-ups and three hashes when "${decoded}" and "${raw}" are refused`, async () => {
      assert.deepEqual(await workOf(refused(decoded, raw)), { lookups: 2, hashes: 3 });
    });
  }

  it('does not end with the first reading that matches', async () => {
    const client_secret = 'decoded';
    const readings: Readings = [
      { client_id: 'a b', client_secret },
      { client_id: 'a+b', client_secret },
    ];
    assert.deepEqual(await workOf(readings), { lookups: 2, hashes: 2 });
  });
});
