import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { introspect } from '../../core/introspection-endpoint.ts';
import { decodeJwt } from '../../core/jose/jwt.ts';
import { updateClient } from '../../core/management/clients.ts';
import { updateResource } from '../../core/management/resources.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import { type TokenDecision, TokenHookError } from '../../core/ports/token-hook.ts';
import type { RequestRecord } from '../../core/request-record.ts';
import { requestToken } from '../../core/token-endpoint.ts';
import { dpopProof } from '../support/dpop-proof.ts';
import {
  ACCESS_TOKEN,
  BILLING,
  createExchangingIssuer,
  TOKEN_EXCHANGE,
} from '../support/exchanging-issuer.ts';
import { KEY } from '../support/keyed-issuer.ts';
import { basic, oauthRequest } from '../support/oauth-request.ts';
import { resourceIdentifier } from '../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../support/test-issuer.ts';

let issuer: TestIssuer;
let record: RequestRecord;
let decisions: TokenDecision[];
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
  decisions = [];
});

const authorization = () => basic('backend', issuer.client_secret);
/** Asks for a token of an issuer whose hook answers this, or does it. */
const ask = (answer: string | (() => Promise<string>), dpop?: string, form: object = {}) => {
  const tokenHook = {
    async ask(decision: TokenDecision) {
      decisions.push(decision);
      return typeof answer === 'string' ? answer : answer();
    },
  };
  const parameters = { grant_type: 'client_credentials', ...form };
  return requestToken(oauthRequest(authorization(), parameters, dpop), { ...issuer, tokenHook }, record);
};
const claimsOf = (token: string) => decodeJwt(token)?.claims ?? {};
const failing = (reason: TokenHookError['reason']) => async () => {
  throw new TokenHookError(reason, 'why');
};

describe('a hook that is asked before each token', () => {
  it('is told what was decided, and of the client no hash, secret, key or version', async () => {
    await updateClient(
      issuer.client.client_id,
      {
        client_name: 'Backend',
        subject: 'svc',
        claims: { tier: 1 },
        token_endpoint_auth_method: 'client_secret_basic',
      },
      issuer,
    );
    const held = [{ resource: RESOURCE, values: ['admin'] }];
    await updateClient(issuer.client.client_id, { roles: held, groups: held }, issuer);
    await ask('{}');
    assert.deepEqual(decisions, [
      {
        issuer: 'https://auth.example.com',
        grant_type: 'client_credentials',
        client: {
          client_id: 'backend',
          client_name: 'Backend',
          client_id_issued_at: issuer.time.now,
          token_endpoint_auth_method: 'client_secret_basic',
          subject: 'svc',
          claims: { tier: 1 },
          roles: held,
          groups: held,
        },
        resources: [RESOURCE],
        scope: 'read write',
      },
    ]);
  });

  it('is told of nothing that there is not, and of the key that the token is bound to', async () => {
    const dpop = await dpopProof(KEY, 'ES256', 'https://auth.example.com/token', issuer.time.now);
    const { access_token } = await ask('{}', dpop, { scope: 'read' });
    assert.deepEqual(decisions, [
      {
        issuer: 'https://auth.example.com',
        grant_type: 'client_credentials',
        client: { client_id: 'backend', client_id_issued_at: issuer.time.now },
        resources: [RESOURCE],
        scope: 'read',
        cnf: claimsOf(access_token)['cnf'],
      },
    ]);
  });

  it('is told of authorization details (RFC 9396)', async () => {
    const authorization_details = [{ type: 'payment', amount: 1 }];
    const properties = { amount: { type: 'number' } };
    const types = [{ type: 'payment', schema: { type: 'object', properties, additionalProperties: false } }];
    const { client_id } = issuer.client;
    await updateResource(resourceIdentifier(RESOURCE), { authorization_details_types: types }, issuer);
    const allowed = [{ resource: RESOURCE, values: ['payment'] }];
    await updateClient(client_id, { authorization_details_types: allowed }, issuer);
    await ask('{}', undefined, { authorization_details: JSON.stringify(authorization_details) });
    assert.deepEqual(decisions[0]?.authorization_details, authorization_details);
  });

  it('is told of an exchange whom the token is about and who acts, and never the subject token (RFC 8693 §4.1)', async () => {
    const exchanging = await createExchangingIssuer();
    const subject_token = await exchanging.tokenOf();
    issuer = exchanging;
    const { access_token } = await ask('{"claims":{"level":2}}', undefined, {
      ...{ grant_type: TOKEN_EXCHANGE, subject_token, subject_token_type: ACCESS_TOKEN, resource: BILLING },
    });
    assert.deepEqual(decisions[0]?.exchange, { sub: 'shop', act: { sub: 'backend' } });
    assert.equal(claimsOf(access_token)['level'], 2);
    assert.equal(JSON.stringify(decisions).includes(subject_token), false);
  });

  it('lets a token be as it is, and the log says so', async () => {
    const { access_token, ...response } = await ask(' {} ');
    assert.deepEqual(response, { token_type: 'Bearer', expires_in: 3_600, scope: 'read write' });
    assert.equal(record.hook, 'allowed');
    assert.deepEqual(Object.keys(claimsOf(access_token)).sort(), [
      ...['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'],
    ]);
  });

  it('adds claims, which count before those of client and resource', async () => {
    await updateClient(issuer.client.client_id, { claims: { tier: 'client', plan: 'a' } }, issuer);
    const { access_token } = await ask('{"claims":{"tier":"hook","tenant":{"id":7}}}');
    const { tier, plan, tenant } = claimsOf(access_token);
    assert.deepEqual({ tier, plan, tenant }, { tier: 'hook', plan: 'a', tenant: { id: 7 } });
    assert.equal(record.hook, 'claims_added');
  });

  it('adds claims to reference tokens as well, which introspection tells', async () => {
    await updateResource(resourceIdentifier(RESOURCE), { access_token_format: 'reference' }, issuer);
    const { access_token: token } = await ask('{"claims":{"tenant":"acme"}}');
    const told = await introspect(oauthRequest(authorization(), { token }), issuer, {});
    assert.equal(Object(told).tenant, 'acme');
  });

  it('is asked last: a DPoP proof is used up by a request that it refused (RFC 9449 §11.1)', async () => {
    const dpop = await dpopProof(KEY, 'ES256', 'https://auth.example.com/token', issuer.time.now);
    await assert.rejects(ask('{"refuse":{}}', dpop), { code: 'unauthorized_client' });
    await assert.rejects(ask('{}', dpop), { code: 'invalid_dpop_proof', reason: 'proof_replayed' });
    assert.equal(decisions.length, 1);
  });

  it('is asked of nothing that was refused, and once of what was not', async () => {
    await assert.rejects(ask('{}', undefined, { scope: 'delete' }), { code: 'invalid_scope' });
    await assert.rejects(ask('{}', 'no proof'), { code: 'invalid_dpop_proof' });
    assert.deepEqual(decisions, []);
    await ask('{}');
    assert.equal(decisions.length, 1);
  });

  for (const [refuse, code, description] of [
    [{}, 'unauthorized_client', 'the issuer may give no such token'],
    [{ error: 'invalid_scope' }, 'invalid_scope', 'the issuer may give no such token'],
    [{ error: 'invalid_grant', error_description: 'not now' }, 'invalid_grant', 'not now'],
    [{ error: 'invalid_request', error_description: '~'.repeat(200) }, 'invalid_request', '~'.repeat(200)],
    [{ error_description: 'closed' }, 'unauthorized_client', 'closed'],
  ] as const) {
    it(`refuses ${JSON.stringify(refuse).slice(0, 60)} (RFC 6749 §5.2), and nothing is signed`, async () => {
      const sign = mock.method(issuer.signer, 'sign');
      await assert.rejects(ask(JSON.stringify({ refuse })), {
        ...{ code, description, status: 400, reason: 'hook_refused' },
      });
      assert.equal(record.hook, 'refused');
      assert.equal(record.jti, undefined);
      assert.equal(sign.mock.callCount(), 0);
    });
  }

  for (const reason of ['hook_failed', 'hook_timeout'] as const) {
    it(`gives no token when it has no answer, and says when to try again: ${reason}`, async () => {
      const sign = mock.method(issuer.signer, 'sign');
      await assert.rejects(ask(failing(reason)), {
        ...{ code: 'temporarily_unavailable', status: 503, retryAfterSeconds: 2, reason },
      });
      assert.equal(record.hook, 'failed');
      assert.equal(sign.mock.callCount(), 0);
    });
  }

  it('gives no token when it answered what the adapter could not take', async () => {
    await assert.rejects(ask(failing('hook_invalid_answer')), {
      ...{ code: 'server_error', status: 500, reason: 'hook_invalid_answer' },
    });
  });

  it('gives no token when the adapter breaks', async () => {
    const broken = async () => {
      throw new TypeError('a fault of ours');
    };
    await assert.rejects(ask(broken), TypeError);
  });
});

describe('what a hook answers', () => {
  const nested = (levels: number): string => (levels === 0 ? '1' : `[${nested(levels - 1)}]`);
  const ANSWERS: Readonly<Record<string, string>> = {
    nothing: '',
    null: 'null',
    true: 'true',
    'a list': '[]',
    'a text': '"{}"',
    'half of JSON': '{"claims":',
    'an unknown member': '{"allow":true}',
    'a misspelt member': '{"Claims":{}}',
    'claims and a refusal': '{"claims":{},"refuse":{}}',
    'claims that are a list': '{"claims":[]}',
    'claims that are null': '{"claims":null}',
    'claims twice': '{"claims":{"a":1},"claims":{"a":2}}',
    'a claim twice': '{"claims":{"a":1,"a":2}}',
    'a claim twice, escaped': '{"claims":{"a":1,"\\u0061":2}}',
    ...Object.fromEntries(
      [
        'sub',
        'iss',
        'aud',
        'exp',
        'scope',
        'client_id',
        'cnf',
        'act',
        'jti',
        'roles',
        'groups',
        'active',
      ].map((name) => [`the claim ${name}, which is reserved`, `{"claims":{"${name}":"x"}}`]),
    ),
    'the claim sub, escaped': '{"claims":{"\\u0073ub":"x"}}',
    __proto__: '{"__proto__":{"claims":{}}}',
    '__proto__ as a claim': '{"claims":{"__proto__":{"sub":"x"}}}',
    '__proto__ in a claim': '{"claims":{"a":{"__proto__":1}}}',
    constructor: '{"claims":{"constructor":1}}',
    toString: '{"toString":1}',
    'half a Unicode character': '{"claims":{"a":"\\ud800"}}',
    'a name that is empty': '{"claims":{"":1}}',
    'a number that readers read differently': '{"claims":{"a":1e300}}',
    'claims that are too deep': `{"claims":{"a":${nested(5)}}}`,
    'what is much too deep': `{"claims":{"a":${nested(3_000)}}}`,
    'too many claims': JSON.stringify({
      claims: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`c${n}`, n])),
    }),
    'claims that are too long': JSON.stringify({ claims: { a: 'x'.repeat(2_048) } }),
    'a refusal that is null': '{"refuse":null}',
    'a refusal that is true': '{"refuse":true}',
    'a refusal with another member': '{"refuse":{"status":200}}',
    'a refusal as invalid_client': '{"refuse":{"error":"invalid_client"}}',
    'a refusal as a code that is not of RFC 6749': '{"refuse":{"error":"payment_required"}}',
    'a refusal as __proto__': '{"refuse":{"error":"__proto__"}}',
    'a description that is empty': '{"refuse":{"error_description":""}}',
    'a description that is too long': JSON.stringify({ refuse: { error_description: 'x'.repeat(201) } }),
    'a description with a quote': '{"refuse":{"error_description":"a \\" b"}}',
    'a description with a backslash': '{"refuse":{"error_description":"a \\\\ b"}}',
    'a description with a line break': '{"refuse":{"error_description":"a\\r\\nSet-Cookie: a=b"}}',
    'a description beyond ASCII': '{"refuse":{"error_description":"zu spät"}}',
  };

  for (const [what, answer] of Object.entries(ANSWERS)) {
    it(`is refused as server_error, and there is no token: ${what} (RFC 6749 §5.2)`, async () => {
      const sign = mock.method(issuer.signer, 'sign');
      await assert.rejects(ask(answer), {
        ...{ code: 'server_error', status: 500, reason: 'hook_invalid_answer' },
        description: 'something broke in the issuer: its log has the request id',
      });
      assert.equal(record.hook, 'failed');
      assert.equal(sign.mock.callCount(), 0);
    });
  }

  it('makes no token say otherwise what Signet says, whatever it is, and no other error', async () => {
    const own = ['iss', 'sub', 'aud', 'client_id', 'scope', 'cnf', 'act', 'roles'];
    const plain = claimsOf((await ask('{}')).access_token);
    const name = fc.oneof(fc.constantFrom(...own, '__proto__', 'tenant'), fc.string());
    const answers = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(name, fc.jsonValue()).map((claims) => JSON.stringify({ claims })),
      fc.dictionary(name, fc.jsonValue()).map((refuse) => JSON.stringify({ refuse })),
    );
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        try {
          const claims = claimsOf((await ask(answer)).access_token);
          assert.deepEqual(
            own.map((claim) => claims[claim]),
            own.map((claim) => plain[claim]),
          );
        } catch (error) {
          assert.ok(error instanceof OAuthError);
          assert.ok(['hook_refused', 'hook_invalid_answer'].includes(error.reason ?? ''));
        }
      }),
      { numRuns: 300 },
    );
  });
});
