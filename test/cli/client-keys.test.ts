import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { beforeEach, describe, it } from 'node:test';
import { makeClientKey } from '../support/client-assertion.ts';
import { runSignet } from '../support/signet.ts';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const { jwk, privateKey } = makeClientKey('P-256');
/** A certificate, with the thumbprints that openssl tells of it. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBjTCCATOgAwIBAgIUCNzwMvM6NmktqYfHuaSd77+8olUwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTAgFw0yNjExMjQyMjU4NTlaGA8y
MTI2MTAzMTIyNTg1OVowGzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABDREC3fxiiKfbk7NS+sx3V2HWfCxX4ZAVUke
AtEGz9GWOzT5PHHIJusoI7CH1D1A0XvGi98b4R6T02b7Z2vuXTujUzBRMB0GA1Ud
DgQWBBQk8WEp78YfKm9M2/KoamnJxkEsFDAfBgNVHSMEGDAWgBQk8WEp78YfKm9M
2/KoamnJxkEsFDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICGW
nvI8edxNKUoeApD2hb3Rp3vFlpO4yXCv3/s750siAiEAkAYYY6sbhsjdOj9h5SwO
SO8funxELDY+xIJk25gvP2Q=
-----END CERTIFICATE-----
`;
const CERTIFIED = {
  kty: 'EC',
  x: 'NEQLd_GKIp9uTs1L6zHdXYdZ8LFfhkBVSR4C0QbP0ZY',
  y: 'OzT5PHHIJusoI7CH1D1A0XvGi98b4R6T02b7Z2vuXTs',
  crv: 'P-256',
  'x5t#S256': 'pXKKAtonJcwoloVLB1pICT4UuO6_WlLlaA90ox-xj1I',
  x5t: 'sGjYAU9QBup6JMjEzdg-nDAZTqw',
};

const BY_KEY = ['--auth-method', 'private_key_jwt'];

describe('signet clients, with keys', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(() => {
    signet = signetOnNewStore(pathOf(randomUUID()));
  });

  const file = (content: unknown) => {
    const path = pathOf(`${randomUUID()}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const create = async (...args: readonly string[]) =>
    Object(await signet.json('clients', 'create', 'shop', ...BY_KEY, ...args));

  for (const [what, content] of [
    ['a JWK Set', { keys: [jwk] }],
    ['one JWK', jwk],
  ] as const) {
    it(`creates a client of ${what}, which has no secret`, async () => {
      const created = await create('--jwks', file(content));
      assert.deepEqual(created.jwks, { keys: [jwk] });
      assert.equal(created.token_endpoint_auth_method, 'private_key_jwt');
      assert.deepEqual([created.client_secrets, 'client_secret' in created], [[], false]);
      assert.deepEqual(await signet.json('clients', 'show', 'shop'), created);
      assert.deepEqual(await signet.run('clients', 'secrets', 'add', 'shop'), {
        exitCode: 2,
        stdout: '',
        stderr:
          'signet: the client does not authenticate by secret: give it an auth method that does first\n',
      });
    });
  }

  it('creates a client of a certificate, whose key is called by its thumbprints', async () => {
    const path = pathOf(`${randomUUID()}.pem`);
    writeFileSync(path, CERTIFICATE);
    assert.deepEqual((await create('--certificate', path)).jwks, { keys: [CERTIFIED] });
    const both = ['clients', 'update', 'shop', '--certificate', path, '--jwks', path];
    const { exitCode, stderr } = await signet.run(...both);
    assert.equal(exitCode, 2);
    assert.match(stderr, /cannot be used with option '--jwks <file>'/);
  });

  it('replaces the keys of a client, which go on to be needed', async () => {
    await create('--jwks', file(jwk));
    const next = makeClientKey('Ed25519').jwk;
    const updated = await signet.json('clients', 'update', 'shop', '--jwks', file({ keys: [next, jwk] }));
    assert.deepEqual(Object(updated).jwks, { keys: [next, jwk] });
    const renamed = await signet.json('clients', 'update', 'shop', '--name', 'Shop');
    assert.deepEqual(Object(renamed).jwks, { keys: [next, jwk] });
  });

  it('names where a client publishes its keys, in the place of those it had, and back', async () => {
    const url = 'https://shop.example.com/jwks.json';
    const created = await create('--jwks-uri', url);
    assert.deepEqual([created.jwks_uri, 'jwks' in created, created.client_secrets], [url, false, []]);
    const update = async (...args: readonly string[]) =>
      Object(await signet.json('clients', 'update', 'shop', ...args));
    const here = await update('--jwks', file(jwk));
    assert.deepEqual(['jwks_uri' in here, here.jwks], [false, { keys: [jwk] }]);
    const there = await update('--jwks-uri', url);
    assert.deepEqual([there.jwks_uri, 'jwks' in there], [url, false]);
  });

  for (const url of ['http://shop.example.com/jwks.json', 'https://user@shop.example.com/']) {
    it(`refuses ${url} as the place of keys`, async () => {
      const { exitCode, stderr } = await signet.run('clients', 'create', ...BY_KEY, '--jwks-uri', url);
      assert.equal(exitCode, 2);
      assert.match(stderr, /It is an https URL without user and fragment, such as /);
    });
  }

  it('reads keys from standard input', async () => {
    const args = ['clients', 'create', 'shop', ...BY_KEY, '--jwks', '-', '--data', signet.folder, '--json'];
    const { exitCode, stdout } = await runSignet(args, {}, JSON.stringify(jwk));
    assert.deepEqual([exitCode, JSON.parse(stdout).jwks], [0, { keys: [jwk] }]);
    const again = await runSignet([...args.slice(0, 2), 'shop2', ...args.slice(3)], {}, 'not JSON');
    const description = 'standard input has no JSON in it: give a JWK Set or one JWK, of public keys';
    assert.deepEqual(JSON.parse(again.stderr), {
      error: 'invalid_request',
      error_description: description,
    });
  });

  it('refuses a private key in a sentence that does not show it, and makes no client', async () => {
    const refused = await signet.run(
      ...['clients', 'create', 'shop', ...BY_KEY, '--jwks'],
      file(privateKey.export({ format: 'jwk' })),
    );
    assert.deepEqual(refused, {
      exitCode: 2,
      stdout: '',
      stderr:
        'signet: jwks.keys.0: the key has private members: register its public half alone, and make a new one\n',
    });
    assert.deepEqual(await signet.json('clients', 'list'), []);
  });
});
