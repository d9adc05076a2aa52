import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type EmbeddedStore, openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { isReferenceToken } from '../../core/access-token/reference-token.ts';
import type { ApiGatewayResponse } from '../../http/api-gateway.ts';
import type { Handler } from '../../http/endpoint.ts';
import { describeMutualTls } from '../conformance/mutual-tls.ts';
import { type Answer, relevant } from '../conformance/wire.ts';
import { functionEnvironment } from '../support/aws-issuer.ts';
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts';
import { clientCertificates, jwksOf, SUBJECT_DN, thumbprintOf } from '../support/client-certificates.ts';
import { EVENTS, type InMemoryEndpoints, inMemoryEndpoints, post } from '../support/in-memory-endpoints.ts';
import { memoryDocuments } from '../support/memory-ports.ts';
import { makeClient, makeResource, makeSigningKey } from '../support/records.ts';
import { type SignetOnStore, signetOnStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type TlsFiles, writeTlsFiles } from '../support/tls-issuer.ts';

const APIS = ['HTTP API', 'REST API'] as const;
const ISSUER = 'https://auth.example.com';
const MUTUAL_TLS_URL = 'https://mtls.auth.example.com';

for (const api of APIS) {
  // The emulator's API has no client certificates; these are the events that AWS's makes of them.
  describe(`by the events of a ${api}`, () => {
    const pathOf = temporaryFolder();
    let files: TlsFiles;
    let store: EmbeddedStore;
    let signet: SignetOnStore;
    let endpoints: InMemoryEndpoints;

    before(async () => {
      files = await writeTlsFiles(pathOf());
      store = openEmbeddedStore(pathOf('store'));
      signet = signetOnStore(pathOf('store'));
      await store.createMissingKeys(['RS256']);
      const documents = memoryDocuments(new Map());
      const settings = { identifier: ISSUER, mutualTlsUrl: MUTUAL_TLS_URL, defaultAlg: 'RS256' } as const;
      endpoints = inMemoryEndpoints({ ...store, ...settings, documents, accessTokenLifetimeSeconds: 3_600 });
    });
    after(() => store?.close());

    const answerOf = ({ statusCode, headers, body }: ApiGatewayResponse): Answer => ({
      status: statusCode,
      headers: relevant(headers),
      text: body,
    });
    describeMutualTls(
      () => ({
        ...files,
        issuer: ISSUER,
        mutualTlsUrl: MUTUAL_TLS_URL,
        signet: (args) => signet.json(...args),
        get: async (path) => answerOf(await endpoints.send({ path }, api)),
        post: async (path, form, headers, certificate) => {
          const shown = certificate ? { pem: certificate.cert } : {};
          return answerOf(await endpoints.send({ ...post(path, form, headers), ...shown }, api));
        },
      }),
      false,
    );
  });
}

describe('the functions, of clients with certificates', () => {
  const RESOURCE = 'https://api.example.com';
  const { good, selfSigned, otherSelfSigned } = clientCertificates(Math.floor(Date.now() / 1000));
  const access = {
    grant_types: ['client_credentials'],
    resources: [{ resource: RESOURCE, scope: [] }],
  };
  const pki = makeClient('pki', {
    ...access,
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: SUBJECT_DN,
  });
  const own = makeClient('own', {
    ...access,
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: jwksOf(selfSigned),
  });
  const resource = makeResource(RESOURCE, {
    access_token_format: 'reference',
    introspection_client_ids: ['own'],
  });
  const key = makeSigningKey({
    alg: 'RS256',
    public_jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
    private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
  });

  let stub: AwsStub;
  let functions: Readonly<Record<'token' | 'introspection' | 'revocation', Handler>>;
  before(async () => {
    stub = await startAwsStub({
      Clients: [
        { record: 'client#pki', document: pki },
        { record: 'client#own', document: own },
        { record: `resource#${RESOURCE}`, document: resource },
      ],
      Keys: [{ record: 'key-set', version: 1, keys: [key], write_id: 'w' }],
      Tokens: [],
    });
    Object.assign(process.env, functionEnvironment(stub.endpoint));
    const start = 'mutual-tls';
    const [token, introspection, revocation] = await Promise.all([
      import(`../../functions/token.ts?start=${start}`),
      import(`../../functions/introspection.ts?start=${start}`),
      import(`../../functions/revocation.ts?start=${start}`),
    ]);
    functions = {
      token: token.handler,
      introspection: introspection.handler,
      revocation: revocation.handler,
    };
  });
  after(() => stub?.stop());

  for (const api of APIS) {
    const call = async (
      name: keyof typeof functions,
      form: Readonly<Record<string, string>>,
      { cert }: { readonly cert: string },
    ) => {
      const event = EVENTS[api]({ ...post(`/${name}`, form), pem: cert });
      const { statusCode, body } = await functions[name](event);
      return { statusCode, body: body === '' ? undefined : JSON.parse(body) };
    };

    it(`issue, introspect and revoke by the certificate in the event of a ${api} (RFC 8705 §2, §3.2)`, async () => {
      const grant = { grant_type: 'client_credentials', client_id: 'pki' };
      const issued = await call('token', grant, good);
      assert.equal(issued.statusCode, 200);
      const { access_token: token } = issued.body;
      assert.ok(isReferenceToken(token));
      const introspected = await call('introspection', { client_id: 'own', token }, selfSigned);
      assert.deepEqual(introspected.body.cnf, { 'x5t#S256': thumbprintOf(good) });
      assert.equal((await call('revocation', { client_id: 'pki', token }, good)).statusCode, 200);
      const revoked = await call('introspection', { client_id: 'own', token }, selfSigned);
      assert.deepEqual(revoked.body, { active: false });
    });

    it(`refuse another certificate in the event of a ${api} (RFC 8705 §2)`, async () => {
      for (const [client_id, certificate] of [
        ['pki', selfSigned],
        ['own', otherSelfSigned],
      ] as const) {
        for (const name of ['token', 'introspection', 'revocation'] as const) {
          assert.equal((await call(name, { client_id, token: 'a' }, certificate)).statusCode, 401, name);
        }
      }
    });
  }
});
