import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { isReferenceToken, referenceTokenJti } from '../../core/access-token/reference-token.ts';
import { hashClientSecret } from '../../core/client-secret.ts';
import type { Handler } from '../../http/endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { functionEnvironment } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, type StubTables, startAwsStub } from '../support/aws-stub.ts';
import { post } from '../support/in-memory-endpoints.ts';
import { basic } from '../support/oauth-request.ts';
import { makeClient, makeResource, makeSigningKey } from '../support/records.ts';

const RESOURCE = 'https://api.example.com';
const SECRET = 'a secret of the tests, long enough';

const withSecret = { client_secrets: [{ secret_id: 's', sha256: hashClientSecret(SECRET), created_at: 1 }] };
const reporter = makeClient('reporter', {
  ...withSecret,
  grant_types: ['client_credentials'],
  resources: [{ resource: RESOURCE, scope: [] }],
});
const resource = makeResource(RESOURCE, {
  access_token_format: 'reference',
  introspection_client_ids: ['api'],
});
const key = makeSigningKey({
  alg: 'RS256',
  public_jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
  private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
});
const TABLES: StubTables = {
  Clients: [
    { record: 'client#reporter', document: reporter },
    { record: 'client#api', document: makeClient('api', withSecret) },
    { record: `resource#${RESOURCE}`, document: resource },
  ],
  Keys: [{ record: 'key-set', version: 1, keys: [key], write_id: 'w' }],
  Tokens: [],
};

describe('the functions, of a reference token', () => {
  let stub: AwsStub;
  let starts = 0;
  let functions: Readonly<Record<'token' | 'introspection' | 'revocation', Handler>>;

  before(async () => {
    stub = await startAwsStub(TABLES);
    Object.assign(process.env, functionEnvironment(stub.endpoint));
  });
  /** Handlers of new Lambda environments: the modules' own state is new, as after a cold start. */
  beforeEach(async () => {
    starts += 1;
    const [token, introspection, revocation] = await Promise.all([
      import(`../../functions/token.ts?reference=${starts}`),
      import(`../../functions/introspection.ts?reference=${starts}`),
      import(`../../functions/revocation.ts?reference=${starts}`),
    ]);
    functions = {
      token: token.handler,
      introspection: introspection.handler,
      revocation: revocation.handler,
    };
  });
  afterEach(() => {
    stub.calls.length = 0;
    stub.mend();
  });
  after(() => stub.stop());

  /** Posts a form to a function, and tells the AWS calls that the answer took. */
  const call = async (
    name: 'token' | 'introspection' | 'revocation',
    client_id: string,
    form: Readonly<Record<string, string>>,
  ) => {
    stub.calls.length = 0;
    const event = httpApiEvent(post(`/${name}`, form, { Authorization: basic(client_id, SECRET) }));
    const { statusCode, body } = await functions[name](event);
    return { statusCode, body: body === '' ? undefined : JSON.parse(body), calls: [...stub.calls] };
  };
  const issue = () => call('token', 'reporter', { grant_type: 'client_credentials' });
  const introspect = (token: string) => call('introspection', 'api', { token });
  const revoke = (token: string, hint = {}) => call('revocation', 'reporter', { token, ...hint });

  it('call AWS three times for the first one: the client, the resource, the token that is kept; KMS not at all', async () => {
    const { statusCode, body, calls } = await issue();
    assert.deepEqual([statusCode, calls], [200, ['BatchGetItem', 'BatchGetItem', 'PutItem']]);
    assert.ok(isReferenceToken(body.access_token));
  });

  it('keep its hash and claims until it expires, and it nowhere', async () => {
    const { access_token } = (await issue()).body;
    const { record, expires_at, claims } = Object(TABLES['Tokens']?.at(-1));
    const jti = referenceTokenJti(access_token);
    assert.deepEqual([record, expires_at, claims.jti], [`reference#${jti}`, claims.exp, jti]);
    assert.ok(!JSON.stringify(TABLES).includes(access_token));
  });

  it('call AWS three times to introspect the first: the caller, the token, its client and resource', async () => {
    const { access_token } = (await issue()).body;
    const { body, calls } = await introspect(access_token);
    assert.equal(body.active, true);
    assert.deepEqual(calls, ['BatchGetItem', 'BatchGetItem', 'BatchGetItem']);
  });

  it('call AWS once for each after it: to keep it, and to introspect it', async () => {
    await introspect((await issue()).body.access_token);
    const { body, calls } = await issue();
    assert.deepEqual(calls, ['PutItem']);
    const introspection = await introspect(body.access_token);
    assert.deepEqual([introspection.body.active, introspection.calls], [true, ['BatchGetItem']]);
  });

  it('call AWS twice to revoke one while the client is kept, whatever the hint: its claims, its revocation (RFC 7009 §5)', async () => {
    const [first, second] = [(await issue()).body.access_token, (await issue()).body.access_token];
    const revoked = await revoke(first);
    assert.deepEqual([revoked.statusCode, revoked.calls], [200, ['BatchGetItem', 'BatchGetItem', 'PutItem']]);
    const { calls } = await revoke(second, { token_type_hint: 'refresh_token' });
    assert.deepEqual(calls, ['BatchGetItem', 'PutItem']);
    for (const token of [first, second]) assert.deepEqual((await introspect(token)).body, { active: false });
  });

  it('do not ask for a token that has another checksum, but for the key of a JWT', async () => {
    const { access_token } = (await issue()).body;
    await introspect(access_token);
    const { body, calls } = await introspect(`${access_token.slice(0, -6)}000000`);
    assert.deepEqual([body, calls], [{ active: false }, ['BatchGetItem']]);
  });

  it('give out no token that DynamoDB did not keep: 503, and the next request works', async () => {
    stub.fail('PutItem', (response) => answerJson(response, 400, { __type: 'ThrottlingException' }));
    const { statusCode, body } = await issue();
    assert.deepEqual([statusCode, body.error], [503, 'temporarily_unavailable']);
    stub.mend();
    assert.equal((await issue()).statusCode, 200);
  });
});
