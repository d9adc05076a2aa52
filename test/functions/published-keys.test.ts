import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Handler } from '../../http/endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { functionEnvironment, RESOURCES, TABLES } from '../support/aws-issuer.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';
import { clientAssertion, makeClientKey, presenting } from '../support/client-assertion.ts';
import { type HttpsSite, makeCa, startHttpsSite } from '../support/https-site.ts';
import { post } from '../support/in-memory-endpoints.ts';
import { makeClient } from '../support/records.ts';

const KEY = makeClientKey('P-256');
const ISSUER = 'https://auth.example.com';
const SUBJECT = 'system:serviceaccount:prod:shop';

describe('the deployed functions, with keys that others publish', () => {
  const trusted = getCACertificates();
  let site: HttpsSite;
  let stub: AwsStub;

  before(async () => {
    const ca = makeCa();
    setDefaultCACertificates([...trusted, ca.cert]);
    site = await startHttpsSite(ca);
    const jwks_uri = `${site.url}/jwks.json`;
    site.pages.set('/jwks.json', { keys: [KEY.jwk] });
    site.pages.set('/.well-known/openid-configuration', { issuer: site.url, jwks_uri });
    const members = {
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      resources: [{ resource: RESOURCES[0], scope: ['read'] }],
    };
    const federated_credentials = [{ issuer: site.url, subject: SUBJECT }];
    const clients = [
      makeClient('keyed', { ...members, jwks_uri }),
      makeClient('federated', { ...members, federated_credentials }),
    ].map((document) => ({ record: `client#${document.client_id}`, document }));
    stub = await startAwsStub({ ...TABLES, Clients: [...(TABLES['Clients'] ?? []), ...clients] });
    Object.assign(process.env, functionEnvironment(stub.endpoint));
  });
  afterEach(() => {
    delete process.env['SIGNET_PRIVATE_HOSTS'];
    delete process.env['SIGNET_TOKEN_ENDPOINT_AUDIENCE'];
  });
  after(async () => {
    setDefaultCACertificates(trusted);
    await Promise.all([site?.stop(), stub?.stop()]);
  });

  let starts = 0;
  const coldStart = async (name: string): Promise<Handler> => {
    starts += 1;
    return (await import(`../../functions/${name}.ts?published=${starts}`)).handler;
  };
  const sign = (claims: object = {}) => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const own = { iss: 'keyed', sub: 'keyed', aud: ISSUER, exp, jti: randomUUID() };
    return clientAssertion(KEY, 'ES256', { claims: { ...own, ...claims } });
  };
  const send = async (handler: Handler, assertion: string, form: Readonly<Record<string, string>> = {}) => {
    const parameters = { grant_type: 'client_credentials', token: 'a', ...presenting(assertion), ...form };
    return (await handler(httpApiEvent(post('/', parameters)))).statusCode;
  };

  for (const name of ['token', 'introspection', 'revocation']) {
    it(`know a client by what it publishes, on a private host that was named: ${name}`, async () => {
      process.env['SIGNET_PRIVATE_HOSTS'] = 'localhost';
      const handler = await coldStart(name);
      assert.equal(await send(handler, await sign()), 200);
      const federated = await sign({ iss: site.url, sub: SUBJECT });
      assert.equal(await send(handler, federated, { client_id: 'federated' }), 200);
      assert.equal(await send(handler, federated, { client_id: 'keyed' }), 401);
    });

    it(`ask no private host that was not named: ${name}`, async () => {
      site.requests.length = 0;
      assert.equal(await send(await coldStart(name), await sign()), 401);
      assert.deepEqual(site.requests, []);
    });

    it(`take the token endpoint as an audience where they are told to: ${name}`, async () => {
      process.env['SIGNET_PRIVATE_HOSTS'] = 'localhost';
      const aud = `${ISSUER}/token`;
      assert.equal(await send(await coldStart(name), await sign({ aud })), 401);
      process.env['SIGNET_TOKEN_ENDPOINT_AUDIENCE'] = 'true';
      assert.equal(await send(await coldStart(name), await sign({ aud })), 200);
    });
  }
});
