import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const JWKS_URI = 'https://shop.example.com/jwks.json';

describe('signet clients, with issuers that they trust', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  beforeEach(() => {
    signet = signetOnNewStore(pathOf(randomUUID()));
  });

  const create = async (...args: readonly string[]) =>
    Object(await signet.json('clients', 'create', 'deploy', '--auth-method', 'private_key_jwt', ...args));

  it('takes each as issuer, subject and audience, or as JSON', async () => {
    const spaced = { issuer: GITHUB, subject: 'repo:octo-org/octo-repo:environment:Production EU' };
    const created = await create(
      ...['--trust', `${GITHUB} repo:octo-org/octo-repo:ref:refs/heads/main`],
      ...['--trust', 'https://oidc.example.com/ system:serviceaccount:*:shop api://signet'],
      ...['--trust', JSON.stringify(spaced)],
    );
    assert.deepEqual(created.federated_credentials, [
      { issuer: GITHUB, subject: 'repo:octo-org/octo-repo:ref:refs/heads/main' },
      {
        issuer: 'https://oidc.example.com/',
        subject: 'system:serviceaccount:*:shop',
        audience: 'api://signet',
      },
      spaced,
    ]);
    assert.deepEqual([created.client_secrets, 'client_secret' in created], [[], false]);
    assert.deepEqual(await signet.json('clients', 'show', 'deploy'), created);
  });

  it('shows them to people', async () => {
    await create('--trust', `${GITHUB} repo:octo-org/octo-repo:pull_request`);
    const { stdout } = await signet.run('clients', 'show', 'deploy');
    assert.match(
      stdout,
      /^federated_credentials +https:\/\/token\S+ {2}repo:octo-org\/octo-repo:pull_request$/m,
    );
  });

  it('takes the place of keys, and keys take its place', async () => {
    await create('--jwks-uri', JWKS_URI);
    const update = async (...args: readonly string[]) =>
      Object(await signet.json('clients', 'update', 'deploy', ...args));
    const trusting = await update('--trust', `${GITHUB} repo:o/r:*`);
    assert.deepEqual([trusting.federated_credentials.length, 'jwks_uri' in trusting], [1, false]);
    const keyed = await update('--jwks-uri', JWKS_URI);
    assert.deepEqual(['federated_credentials' in keyed, keyed.jwks_uri], [false, JWKS_URI]);
  });

  for (const [trust, message] of [
    [GITHUB, /Write the issuer, the subject and, where it has to be, the audience, with spaces between/],
    [`${GITHUB} a b c`, /Write the issuer, the subject/],
    ['', /Write the issuer, the subject/],
    [`${GITHUB} *`, /federated_credentials\.0\.subject: a \* in a subject stands for a whole part/],
    ['http://issuer.example.com a', /federated_credentials\.0\.issuer: it is an https URL/],
    ['{"issuer":', /It is no JSON/],
    [`{"issuer":"${GITHUB}"}`, /federated_credentials\.0\.subject: /],
    [`{"issuer":"${GITHUB}","subject":"a","claims":{}}`, /federated_credentials\.0\.claims: /],
  ] as const) {
    it(`refuses --trust ${JSON.stringify(trust)}, and makes no client`, async () => {
      const { exitCode, stderr } = await signet.run(
        ...['clients', 'create', 'deploy', '--auth-method', 'private_key_jwt', '--trust', trust],
      );
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
      assert.deepEqual(await signet.json('clients', 'list'), []);
    });
  }
});
