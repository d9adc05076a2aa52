import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setClientEnabled, updateClient } from '../../../core/management/clients.ts';
import {
  CLUSTER,
  CLUSTER_TOKEN,
  createFederatedIssuer,
  type FederatedIssuer,
  GITHUB,
  ISSUER_KEYS,
  MAIN,
  SERVICE_ACCOUNT,
} from '../../support/federated-issuer.ts';
import { NOW, refusedFor } from '../../support/keyed-issuer.ts';
import { clientId } from '../../support/records.ts';

const KEY = ISSUER_KEYS[GITHUB];

let issuer: FederatedIssuer;
beforeEach(async () => {
  issuer = await createFederatedIssuer();
});

const authenticate: FederatedIssuer['present'] = (...presented) => issuer.present(...presented);
const isClient = async (name: string, authenticated: ReturnType<typeof authenticate>) =>
  assert.equal((await authenticated).client_id, name);

describe('a client that trusts another issuer (RFC 7523 §2.2)', () => {
  it('authenticates by its token with client_id beside it, and the log has who told so', async () => {
    await isClient('deploy', authenticate());
    assert.deepEqual(issuer.record, {
      auth_method: 'private_key_jwt',
      client_id: 'deploy',
      assertion_issuer: GITHUB,
      assertion_subject: MAIN,
    });
  });

  it('may present a token more than once: its issuer makes them for that', async () => {
    const token = await issuer.token();
    for (let use = 0; use < 3; use += 1)
      await isClient('deploy', issuer.authenticate(token, { client_id: 'deploy' }));
  });

  for (const [what, changes] of [
    ['one audience in a list, as Kubernetes writes it', { claims: { aud: ['https://auth.example.com'] } }],
    ['the type JWT', { header: { typ: 'JWT' } }],
    ['no jti', { claims: { jti: undefined } }],
    ['neither iat nor nbf', { claims: { iat: undefined, nbf: undefined } }],
    ['an exp in a day', { claims: { exp: NOW + 86_400 } }],
    ['no kid where one key fits', { header: { kid: undefined } }],
    ['claims of its own', { claims: { repository: 'octo-org/octo-repo', actor: 'octocat' } }],
  ] as const) {
    it(`authenticates by a token with ${what}`, () => isClient('deploy', authenticate(changes)));
  }

  it('trusts several, each for its subjects and its audience', async () => {
    const audience = 'api://signet';
    await issuer.addFederated(
      'several',
      { issuer: CLUSTER, subject: SERVICE_ACCOUNT },
      { issuer: CLUSTER, subject: 'system:serviceaccount:dev:*', audience },
      { issuer: GITHUB, subject: 'repo:octo-org/*:environment:production' },
    );
    const form = { client_id: 'several' };
    const inCluster = (sub: string, aud: string = issuer.identifier) =>
      authenticate({ ...CLUSTER_TOKEN, claims: { iss: CLUSTER, sub, aud } }, form);
    await isClient('several', inCluster(SERVICE_ACCOUNT));
    await isClient('several', inCluster('system:serviceaccount:dev:any', audience));
    const sub = 'repo:octo-org/any:environment:production';
    await isClient('several', authenticate({ claims: { sub } }, form));
    const wrongSubject = refusedFor('assertion_wrong_subject');
    await assert.rejects(inCluster(SERVICE_ACCOUNT, audience), wrongSubject);
    await assert.rejects(inCluster('system:serviceaccount:dev:any'), wrongSubject);
    await assert.rejects(authenticate({}, form), wrongSubject);
  });

  for (const [spelled, url] of [
    ['https://tenant.example.com/', 'https://tenant.example.com/.well-known/openid-configuration'],
    ['https://tenant.example.com/v2/', 'https://tenant.example.com/v2/.well-known/openid-configuration'],
    ['https://other.example.com', 'https://other.example.com/.well-known/oauth-authorization-server'],
    ['https://other.example.com/a/b', 'https://other.example.com/.well-known/oauth-authorization-server/a/b'],
  ] as const) {
    it(`finds the keys of ${spelled} by ${url} (RFC 8414 §3)`, async () => {
      const jwks_uri = 'https://keys.example.net/jwks';
      issuer.published.set(url, { issuer: spelled, jwks_uri, more: true });
      issuer.published.set(jwks_uri, { keys: [KEY.jwk] });
      await issuer.addFederated('there', { issuer: spelled, subject: MAIN });
      await isClient('there', authenticate({ claims: { iss: spelled } }, { client_id: 'there' }));
    });
  }

  it('has the keys of the issuer looked for once more when one is not there', async (t) => {
    const { read } = issuer.documents;
    t.mock.method(issuer.documents, 'reread', (url: string) => {
      issuer.published.set(url, { keys: [{ ...KEY.jwk, kid: 'next' }] });
      return read(url);
    });
    await isClient('deploy', authenticate({ header: { kid: 'next' } }));
  });

  it('is not authenticated when it is disabled, and nobody is asked for keys', async (t) => {
    await setClientEnabled(clientId('deploy'), false, issuer);
    const read = t.mock.method(issuer.documents, 'read');
    await assert.rejects(authenticate(), refusedFor('client_disabled'));
    assert.equal(read.mock.callCount(), 0);
  });

  it('does not hide a fault of the issuer’s own', async (t) => {
    t.mock.method(issuer.documents, 'read', () => Promise.reject(new TypeError('a fault')));
    await assert.rejects(authenticate(), new TypeError('a fault'));
  });
});

describe('the trust of a client', () => {
  it('goes with no keys of its own, and is needed when it has none', async () => {
    const federated_credentials = [{ issuer: GITHUB, subject: MAIN }];
    await assert.rejects(updateClient(clientId('shop'), { federated_credentials }, issuer), {
      code: 'invalid_client_metadata',
      description: 'federated_credentials: the client has jwks as well: a client is known in one way',
    });
    await assert.rejects(updateClient(clientId('deploy'), { federated_credentials: null }, issuer), {
      code: 'invalid_client_metadata',
      description: 'jwks: a client with private_key_jwt needs its public keys',
    });
    const updated = await updateClient(clientId('shop'), { jwks: null, federated_credentials }, issuer);
    assert.deepEqual(updated.federated_credentials, federated_credentials);
  });
});
