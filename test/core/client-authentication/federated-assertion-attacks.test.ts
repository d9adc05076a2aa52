import assert from 'node:assert/strict';
import crypto, { createHmac } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { OAuthError } from '../../../core/oauth-error.ts';
import { makeClientKey } from '../../support/client-assertion.ts';
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

const ATTACKER = 'https://attacker.example.com';
const ATTACKER_KEY = makeClientKey('RSA');
const KEY = ISSUER_KEYS[GITHUB];

let issuer: FederatedIssuer;
beforeEach(async () => {
  issuer = await createFederatedIssuer();
});

type Changes = Parameters<FederatedIssuer['present']>[0];

const authenticate: FederatedIssuer['present'] = (...presented) => issuer.present(...presented);

describe('an attacker of federation', () => {
  beforeEach(async () => {
    issuer.publish(ATTACKER, ATTACKER_KEY.jwk);
    await issuer.addFederated('cluster', { issuer: CLUSTER, subject: SERVICE_ACCOUNT });
    await issuer.addFederated('victim', { issuer: ATTACKER, subject: MAIN });
  });

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const pem = KEY.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const hmac = (secret: string) => (input: Uint8Array) => createHmac('sha256', secret).update(input).digest();
  const by = { key: ATTACKER_KEY };
  const sub = (value: unknown): Changes => ({ claims: { sub: value } });
  const aud = (value: unknown): Changes => ({ claims: { aud: value } });
  const iss = (value: unknown): Changes => ({ ...by, claims: { iss: value } });

  const ATTACKS: readonly (readonly [what: string, changes: Changes, reason: string, client_id?: string])[] =
    [
      ['another key under the kid of the issuer', by, 'assertion_wrong_signature'],
      ['its own key as jwk', { ...by, header: { jwk: ATTACKER_KEY.jwk } }, 'assertion_wrong_signature'],
      ['its own key at a jku', { ...by, header: { jku: `${ATTACKER}/jwks` } }, 'assertion_wrong_signature'],
      ['its own key at an x5u', { ...by, header: { x5u: `${ATTACKER}/cert` } }, 'assertion_wrong_signature'],
      ['a token of its own issuer', iss(ATTACKER), 'assertion_wrong_issuer'],
      ['the issuer with a slash', iss(`${GITHUB}/`), 'assertion_wrong_issuer'],
      ['the issuer in capitals', iss(GITHUB.toUpperCase()), 'assertion_wrong_issuer'],
      ['the issuer with its port', iss(`${GITHUB}:443`), 'assertion_wrong_issuer'],
      ['the issuer as the user of its own', iss(`${GITHUB}@attacker.example.com`), 'assertion_wrong_issuer'],
      [
        'the issuer as the beginning of its own',
        iss(`${GITHUB}.attacker.example.com`),
        'assertion_wrong_issuer',
      ],
      ['the issuer in Cyrillic', iss(GITHUB.replace('o', 'о')), 'assertion_wrong_issuer'],
      ['the issuer in a list', iss([GITHUB]), 'assertion_wrong_issuer'],
      ['no issuer', iss(undefined), 'assertion_wrong_issuer'],
      ['this issuer', iss('https://auth.example.com'), 'assertion_wrong_issuer'],
      ['a token for a client that trusts another issuer', {}, 'assertion_wrong_issuer', 'cluster'],
      [
        'a token that names another trusted issuer',
        { claims: { iss: CLUSTER, sub: SERVICE_ACCOUNT } },
        'assertion_unknown_key',
        'cluster',
      ],
      [
        'a key of the one under the name of the other',
        { ...CLUSTER_TOKEN, header: { kid: 'RSA' } },
        'assertion_wrong_algorithm',
      ],
      ['another audience', aud('https://another.example.com'), 'assertion_wrong_audience'],
      ['the token endpoint', aud('https://auth.example.com/token'), 'assertion_wrong_audience'],
      [
        'an audience beside this issuer',
        aud(['https://auth.example.com', 'sts.amazonaws.com']),
        'assertion_wrong_audience',
      ],
      ['this issuer twice', aud(Array(2).fill('https://auth.example.com')), 'assertion_wrong_audience'],
      ['an empty list of audiences', aud([]), 'assertion_wrong_audience'],
      ['this issuer in a list in a list', aud([['https://auth.example.com']]), 'assertion_wrong_audience'],
      ['this issuer in capitals', aud('https://AUTH.example.com'), 'assertion_wrong_audience'],
      ['no audience', aud(undefined), 'assertion_wrong_audience'],
      ['the default audience of GitHub', aud('https://github.com/octo-org'), 'assertion_wrong_audience'],
      ['another branch', sub('repo:octo-org/octo-repo:ref:refs/heads/evil'), 'assertion_wrong_subject'],
      ['a branch that begins so', sub(`${MAIN}-2`), 'assertion_wrong_subject'],
      [
        'a branch that ends so',
        sub(`repo:octo-org/octo-repo:ref:refs/heads/x/${MAIN}`),
        'assertion_wrong_subject',
      ],
      ['a pull request', sub('repo:octo-org/octo-repo:pull_request'), 'assertion_wrong_subject'],
      [
        'an organization that begins so',
        sub(MAIN.replace('octo-org', 'octo-org-evil')),
        'assertion_wrong_subject',
      ],
      ['the subject in capitals', sub(MAIN.toUpperCase()), 'assertion_wrong_subject'],
      ['the subject with a line break', sub(`${MAIN}\n`), 'assertion_wrong_subject'],
      ['the subject with a NUL', sub(`${MAIN}\0`), 'assertion_wrong_subject'],
      ['the subject with a zero-width space', sub(`${MAIN}\u200b`), 'assertion_wrong_subject'],
      ['the subject percent-encoded', sub(encodeURIComponent(MAIN)), 'assertion_wrong_subject'],
      ['the subject in full-width letters', sub(MAIN.replace('main', 'ｍａｉｎ')), 'assertion_wrong_subject'],
      ['the subject in a list', sub([MAIN]), 'assertion_wrong_subject'],
      ['the pattern of all', sub('*'), 'assertion_wrong_subject'],
      ['no subject', sub(undefined), 'assertion_wrong_subject'],
      ['the client as the subject', sub('deploy'), 'assertion_wrong_subject'],
      ['a token that has expired', { claims: { exp: NOW - 60 } }, 'assertion_expired'],
      ['a token that does not expire', { claims: { exp: undefined } }, 'assertion_malformed'],
      ['a token for two days', { claims: { exp: NOW + 172_800 } }, 'assertion_lives_too_long'],
      [
        'a token of tomorrow',
        { claims: { nbf: NOW + 86_000, exp: NOW + 86_400 } },
        'assertion_not_yet_valid',
      ],
      ['an access token', { header: { typ: 'at+jwt' } }, 'assertion_wrong_type'],
      ['an access token in capitals', { header: { typ: 'AT+JWT' } }, 'assertion_wrong_type'],
      ['a logout token', { header: { typ: 'logout+jwt' } }, 'assertion_wrong_type'],
      ['a critical extension', { header: { crit: ['b64'], b64: true } }, 'assertion_malformed'],
      ['alg none', { header: { alg: 'none' } }, 'assertion_wrong_algorithm'],
      ['HS256 by the public key', { header: { alg: 'HS256' }, sign: hmac(pem) }, 'unknown_client'],
      ['HS256 by the public key as RS256', { sign: hmac(pem) }, 'assertion_wrong_signature'],
      ['a kid that leads elsewhere', { header: { kid: '../../../etc/passwd' } }, 'assertion_unknown_key'],
      ['a kid that is a URL', { header: { kid: `${ATTACKER}/jwks` } }, 'assertion_unknown_key'],
      ['no signature', { sign: () => new Uint8Array() }, 'assertion_wrong_signature'],
      ['a client with keys of its own', {}, 'assertion_wrong_issuer', 'shop'],
      ['a client of secrets', {}, 'method_not_registered', 'backend'],
      ['a client that is not there', {}, 'unknown_client', 'nobody'],
      ['a client in capitals', {}, 'unknown_client', 'DEPLOY'],
      ['a client of JavaScript', {}, 'unknown_client', '__proto__'],
    ];
  for (const [what, changes, reason, client_id = 'deploy'] of ATTACKS) {
    it(`is refused as every other: ${what} (RFC 7523 §3)`, async () => {
      await assert.rejects(authenticate(changes, { client_id }), refusedFor(reason));
    });
  }

  it('gets nowhere without client_id: the subject names no client', async () => {
    await assert.rejects(authenticate({}, {}), refusedFor('unknown_client'));
    await issuer.addFederated(MAIN, { issuer: CLUSTER, subject: SERVICE_ACCOUNT });
    await assert.rejects(authenticate({}, {}), refusedFor('assertion_wrong_issuer'));
  });

  it('gets nowhere with a token that says its issuer is its subject', async () => {
    await issuer.addFederated('self', { issuer: ATTACKER, subject: ATTACKER });
    const changes = { ...by, claims: { iss: ATTACKER, sub: ATTACKER } };
    await assert.rejects(authenticate(changes, { client_id: 'self' }), refusedFor('unknown_client'));
  });

  const OPENID = `${GITHUB}/.well-known/openid-configuration`;
  const jwks_uri = `${GITHUB}/.well-known/jwks`;
  for (const [what, metadata] of [
    ['of another issuer', { issuer: ATTACKER, jwks_uri }],
    ['of the issuer with a slash', { issuer: `${GITHUB}/`, jwks_uri }],
    ['of no issuer', { jwks_uri }],
    ['without a jwks_uri', { issuer: GITHUB }],
    ['with a jwks_uri by http', { issuer: GITHUB, jwks_uri: 'http://attacker.example.com/jwks' }],
    ['with a jwks_uri that is a file', { issuer: GITHUB, jwks_uri: 'file:///etc/passwd' }],
    ['with a jwks_uri with a user', { issuer: GITHUB, jwks_uri: 'https://a@attacker.example.com/jwks' }],
    ['with a jwks_uri that is not there', { issuer: GITHUB, jwks_uri: 'https://gone.example.com/jwks' }],
    ['with a list of jwks_uri', { issuer: GITHUB, jwks_uri: [jwks_uri] }],
  ] as const) {
    it(`gets nobody in by metadata ${what} (RFC 8414 §3.3)`, async () => {
      issuer.published.set(OPENID, metadata);
      await assert.rejects(authenticate(), (error) => {
        assert.ok(error instanceof OAuthError);
        assert.equal(error.reason, 'assertion_keys_unavailable');
        return /^DocumentUnavailableError: /.test(String(error.cause));
      });
    });
  }

  it('gets nobody asked for keys by a token that would be refused all the same', async (t) => {
    const read = t.mock.method(issuer.documents, 'read');
    for (const [, changes, reason, client_id = 'deploy'] of ATTACKS) {
      if (/signature|algorithm|unknown_key/.test(reason)) continue;
      await assert.rejects(authenticate(changes, { client_id }));
    }
    assert.equal(read.mock.callCount(), 0);
  });

  for (const client_id of ['nobody', 'backend', 'shop', 'cluster', 'deploy']) {
    it(`costs a look-up and a verification, whoever it names: ${client_id}`, async (t) => {
      const token = await issuer.token(by);
      const find = t.mock.method(issuer.clients, 'find');
      const verify = t.mock.method(crypto, 'verify');
      syncBuiltinESMExports();
      try {
        await assert.rejects(issuer.authenticate(token, { client_id }), { code: 'invalid_client' });
        assert.deepEqual([find.mock.callCount(), verify.mock.callCount()], [1, 1]);
      } finally {
        verify.mock.restore();
        syncBuiltinESMExports();
      }
    });
  }

  it('gets in by no claims and no header of its own, and makes no error but ours', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(GITHUB, ATTACKER, MAIN, 'deploy', 'https://auth.example.com', NOW + 60),
    );
    const claims = fc.record(
      { iss: value, sub: value, aud: value, exp: value, nbf: value, iat: value },
      { requiredKeys: [] },
    );
    const header = fc.record(
      { kid: value, typ: value, jwk: value, alg: fc.constantFrom('RS256', 'none', 'HS256', 'PS256') },
      { requiredKeys: [] },
    );
    const client = fc.constantFrom('deploy', 'cluster', 'shop', 'backend', 'nobody');
    await fc.assert(
      fc.asyncProperty(claims, header, client, async (changed, named, client_id) => {
        const token = [
          { alg: 'RS256', kid: 'RSA', ...named },
          { iss: GITHUB, sub: MAIN, ...changed },
        ];
        const assertion = `${token.map(encode).join('.')}.${'A'.repeat(342)}`;
        await assert.rejects(issuer.authenticate(assertion, { client_id }), { code: 'invalid_client' });
      }),
      { numRuns: 2_000 },
    );
    assert.equal((await authenticate()).client_id, 'deploy');
  });
});
