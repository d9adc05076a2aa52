import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { referenceTokenJti } from '../../core/access-token/reference-token.ts';
import { hashClientSecret } from '../../core/client-secret.ts';
import type { Handler } from '../../http/endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';
import { functionEnvironment } from '../support/aws-issuer.ts';
import { type AwsStub, answerJson, type StubTables, startAwsStub } from '../support/aws-stub.ts';
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '../support/exchanging-issuer.ts';
import { post } from '../support/in-memory-endpoints.ts';
import { basic } from '../support/oauth-request.ts';
import { makeClient, makeResource, makeSigningKey } from '../support/records.ts';

const API = 'https://api.example.com';
const NEXT = 'https://next.example.com';
const SECRET = 'a secret of the tests, long enough';

const withSecret = { client_secrets: [{ secret_id: 's', sha256: hashClientSecret(SECRET), created_at: 1 }] };
const resources = [{ resource: API, scope: [] }];
const shop = makeClient('shop', { ...withSecret, grant_types: ['client_credentials'], resources });
const api = makeClient('api', {
  ...withSecret,
  grant_types: [TOKEN_EXCHANGE],
  token_exchange_subject_resources: [API],
  token_exchange_resources: [{ resource: NEXT, scope: [] }],
});
const key = makeSigningKey({
  alg: 'RS256',
  public_jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
  private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
});
const reference = { access_token_format: 'reference' };
const TABLES: StubTables = {
  Clients: [
    { record: 'client#shop', document: shop },
    { record: 'client#api', document: api },
    { record: `resource#${API}`, document: makeResource(API, reference) },
    { record: `resource#${NEXT}`, document: makeResource(NEXT, reference) },
  ],
  Keys: [{ record: 'key-set', version: 1, keys: [key], write_id: 'w' }],
  Tokens: [],
};

describe('the token function, of an exchange', () => {
  let stub: AwsStub;
  let starts = 0;
  let token: Handler;

  before(async () => {
    stub = await startAwsStub(TABLES);
    Object.assign(process.env, functionEnvironment(stub.endpoint));
  });
  /** A handler of a new Lambda environment: the module's own state is new, as after a cold start. */
  beforeEach(async () => {
    starts += 1;
    token = (await import(`../../functions/token.ts?exchange=${starts}`)).handler;
  });
  afterEach(() => stub.mend());
  after(() => stub.stop());

  const call = async (client_id: string, form: Readonly<Record<string, string>>) => {
    stub.calls.length = 0;
    const event = httpApiEvent(post('/token', form, { Authorization: basic(client_id, SECRET) }));
    const { statusCode, body } = await token(event);
    return { statusCode, body: JSON.parse(body), calls: [...stub.calls] };
  };
  const exchange = async () => {
    const { access_token: subject_token } = (await call('shop', { grant_type: 'client_credentials' })).body;
    return call('api', {
      grant_type: TOKEN_EXCHANGE,
      subject_token,
      subject_token_type: ACCESS_TOKEN,
    });
  };

  it('calls AWS once more than for any token once its records are kept: for what is kept of the subject token', async () => {
    await exchange();
    const { statusCode, body, calls } = await exchange();
    assert.deepEqual([statusCode, calls], [200, ['BatchGetItem', 'PutItem']]);
    const kept = Object(TABLES['Tokens']?.at(-1));
    assert.equal(kept.record, `reference#${referenceTokenJti(body.access_token)}`);
    assert.deepEqual([kept.claims.sub, kept.claims.act], ['shop', { sub: 'api' }]);
  });

  it('answers 503 when DynamoDB does not tell of the subject token, and gives nothing out', async () => {
    await exchange();
    const { access_token: subject_token } = (await call('shop', { grant_type: 'client_credentials' })).body;
    stub.fail('BatchGetItem', (response) => answerJson(response, 400, { __type: 'ThrottlingException' }));
    const form = { grant_type: TOKEN_EXCHANGE, subject_token, subject_token_type: ACCESS_TOKEN };
    const { statusCode, body, calls } = await call('api', form);
    assert.deepEqual([statusCode, body.error], [503, 'temporarily_unavailable']);
    assert.ok(!calls.includes('PutItem'));
  });
});
