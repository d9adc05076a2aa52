import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { clientAssertion, makeClientKey, presenting } from '../support/client-assertion.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { eventually } from '../support/eventually.ts';
import { type HttpsSite, makeCa, startHttpsSite } from '../support/https-site.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEY = makeClientKey('P-256');

describe('signet serve, with clients that publish their keys', () => {
  const pathOf = temporaryFolder();
  let site: HttpsSite;
  let issuer: EmbeddedIssuer;
  let careful: EmbeddedIssuer;

  before(async () => {
    const ca = makeCa();
    await writeFile(pathOf('ca.pem'), ca.cert);
    const environment = { NODE_EXTRA_CA_CERTS: pathOf('ca.pem') };
    site = await startHttpsSite(ca);
    site.pages.set('/jwks.json', { keys: [KEY.jwk] });
    const args = ['--private-hosts', 'localhost', '--token-endpoint-audience'];
    [issuer, careful] = await Promise.all([
      startEmbeddedIssuer({ args, environment }),
      startEmbeddedIssuer({ environment }),
    ]);
    const method = ['--auth-method', 'private_key_jwt', '--jwks-uri', `${site.url}/jwks.json`];
    for (const { folder } of [issuer, careful]) {
      const access = ['--resource', 'https://api.example.com read', '--data', folder];
      await signetJson(['clients', 'create', 'shop', ...method, ...access]);
    }
  });
  after(() => Promise.all([site?.stop(), issuer?.stop(), careful?.stop()]));

  const now = () => Math.floor(Date.now() / 1000);
  const sign = ({ issuer: aud }: EmbeddedIssuer, claims: object = {}, header: object = {}) =>
    clientAssertion(KEY, 'ES256', {
      header: { ...header },
      claims: { iss: 'shop', sub: 'shop', aud, exp: now() + 60, jti: randomUUID(), ...claims },
    });
  const post = async (at: EmbeddedIssuer, assertion: string) => {
    const form = { grant_type: 'client_credentials', ...presenting(assertion) };
    const response = await fetch(`${at.url}/token`, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, ...Object(await response.json()) };
  };
  const REFUSED = {
    status: 401,
    error: 'invalid_client',
    error_description: 'client authentication failed',
  };

  it('fetches them once, by TLS from a private host that was named', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => post(issuer, await sign(issuer))),
    );
    for (const { status, scope } of answers) assert.deepEqual([status, scope], [200, 'read']);
    assert.deepEqual(site.requests, ['/jwks.json']);
  });

  it('has no caller make it fetch them often, whatever kid it sends', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => post(issuer, await sign(issuer, {}, { kid: randomUUID() }))),
    );
    assert.deepEqual(answers, Array(10).fill(REFUSED));
    assert.ok(site.requests.length <= 2, String(site.requests));
  });

  it('takes the token endpoint as the audience when told so', async () => {
    const answer = await post(issuer, await sign(issuer, { aud: `${issuer.issuer}/token` }));
    assert.equal(answer.status, 200);
  });

  it('asks no private host that was not named, and its log says so', async () => {
    site.requests.length = 0;
    assert.deepEqual(await post(careful, await sign(careful)), REFUSED);
    assert.deepEqual(site.requests, []);
    await eventually(async () => {
      const line = JSON.parse(careful.log().trimEnd().split('\n').at(-1) ?? '');
      assert.equal(line.reason, 'assertion_keys_unavailable');
      assert.match(
        line.fault,
        /^DocumentUnavailableError: https:\/\/localhost:\d+\/jwks\.json: its address \S+ is not public$/,
      );
    });
  });

  it('takes no token endpoint as the audience when not told so', async () => {
    const answer = await post(careful, await sign(careful, { aud: `${careful.issuer}/token` }));
    assert.deepEqual(answer, REFUSED);
  });
});
