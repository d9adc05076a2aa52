import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { clientAssertion, makeClientKey, presenting } from '../support/client-assertion.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { eventually } from '../support/eventually.ts';
import { type HttpsSite, makeCa, startHttpsSite } from '../support/https-site.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEY = makeClientKey('RSA');
const SUBJECT = 'system:serviceaccount:prod:shop';

describe('signet serve, with clients that trust another issuer', () => {
  const pathOf = temporaryFolder();
  let cluster: HttpsSite;
  let issuer: EmbeddedIssuer;

  before(async () => {
    const ca = makeCa();
    await writeFile(pathOf('ca.pem'), ca.cert);
    cluster = await startHttpsSite(ca);
    const jwks_uri = `${cluster.url}/openid/v1/jwks`;
    cluster.pages.set('/.well-known/openid-configuration', { issuer: cluster.url, jwks_uri });
    cluster.pages.set('/openid/v1/jwks', { keys: [KEY.jwk] });
    const environment = { NODE_EXTRA_CA_CERTS: pathOf('ca.pem') };
    issuer = await startEmbeddedIssuer({ args: ['--private-hosts', 'localhost'], environment });
    await signetJson([
      ...['clients', 'create', 'shop', '--auth-method', 'private_key_jwt'],
      ...[
        '--trust',
        `${cluster.url} ${SUBJECT}`,
        '--trust',
        `${cluster.url} system:serviceaccount:dev:* dev`,
      ],
      ...['--resource', 'https://api.example.com read', '--data', issuer.folder],
    ]);
  });
  after(() => Promise.all([cluster?.stop(), issuer?.stop()]));

  /** A token as a cluster projects it into a pod: no typ, and its audiences in a list. */
  const project = (claims: object = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, nbf: now, exp: now + 3_600 };
    const pod = { 'kubernetes.io': { namespace: 'prod', serviceaccount: { name: 'shop' } } };
    const good = { iss: cluster.url, sub: SUBJECT, aud: [issuer.issuer], ...times, ...pod };
    return clientAssertion(KEY, 'RS256', { claims: { ...good, ...claims } });
  };
  const post = async (path: string, form: Readonly<Record<string, string>>) => {
    const response = await fetch(issuer.url + path, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, ...Object(await response.json()) };
  };
  const requestToken = async (assertion: string, client_id = 'shop') =>
    post('/token', { grant_type: 'client_credentials', client_id, ...presenting(assertion) });
  const REFUSED = {
    status: 401,
    error: 'invalid_client',
    error_description: 'client authentication failed',
  };

  it('gives them tokens for those of the issuer, as often as these are presented, and asks it once', async () => {
    const assertion = await project();
    const answers = await Promise.all(Array.from({ length: 10 }, () => requestToken(assertion)));
    for (const { status, scope } of answers) assert.deepEqual([status, scope], [200, 'read']);
    assert.equal((await requestToken(await project())).status, 200);
    assert.deepEqual(cluster.requests, ['/.well-known/openid-configuration', '/openid/v1/jwks']);
  });

  it('knows them at introspection as well, and by a pattern with an audience of its own', async () => {
    const assertion = await project({ sub: 'system:serviceaccount:dev:any', aud: 'dev' });
    const form = { client_id: 'shop', token: 'a-token-that-nobody-issued', ...presenting(assertion) };
    assert.deepEqual(await post('/introspect', form), { status: 200, active: false });
  });

  it('exchanges one for a token of whom the operator says that it is of (RFC 8693 §2.1)', async () => {
    const args = ['--exchange-foreign', `${cluster.url} ${SUBJECT} accounts/shop`];
    await signetJson([
      ...['clients', 'update', 'shop', ...args, '--exchange-to', 'https://api.example.com read'],
      ...['--data', issuer.folder],
    ]);
    const token = await project();
    const { status, access_token, issued_token_type } = await post('/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      client_id: 'shop',
      ...presenting(token),
    });
    assert.deepEqual([status, issued_token_type], [200, 'urn:ietf:params:oauth:token-type:access_token']);
    const { sub, act } = decodeJwt(String(access_token));
    assert.deepEqual({ sub, act }, { sub: 'accounts/shop', act: { sub: 'shop' } });
    await eventually(async () =>
      assert.match(issuer.log(), /"grant_type":"urn:ietf:params:oauth:grant-type:token-exchange"/),
    );
    assert.equal(issuer.log().includes(token), false);
  });

  for (const [what, claims] of [
    ['another subject', { sub: 'system:serviceaccount:prod:other' }],
    ['another audience', { aud: ['https://kubernetes.default.svc'] }],
    ['another issuer', { iss: 'https://another.example.com' }],
    ['no time to end', { exp: undefined }],
  ] as const) {
    it(`refuses one of ${what} as an unknown client`, async () => {
      assert.deepEqual(await requestToken(await project(claims)), REFUSED);
      assert.deepEqual(await requestToken(await project(claims), 'nobody'), REFUSED);
    });
  }

  it('logs who told who the client is, and why one was refused, and never the token', async () => {
    const assertion = await project();
    await requestToken(assertion);
    await requestToken(await project({ sub: 'evil' }));
    assert.equal(await issuer.end(), 0);
    const lines = issuer.log().trimEnd().split('\n');
    const [issued, refused] = lines.slice(-2).map((line) => JSON.parse(line));
    assert.deepEqual([issued.assertion_issuer, issued.assertion_subject], [cluster.url, SUBJECT]);
    assert.deepEqual([refused.client_id, refused.reason], ['shop', 'assertion_wrong_subject']);
    assert.equal(issuer.log().includes(assertion), false);
    assert.equal(issuer.log().includes('evil'), false);
  });
});
