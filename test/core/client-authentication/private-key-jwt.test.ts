import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { beforeEach, describe, it, mock } from 'node:test';
import { authenticateClient } from '../../../core/client-authentication/authenticate-client.ts';
import { setClientEnabled, updateClient } from '../../../core/management/clients.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import {
  ALGS_BY_KEY,
  type Assertion,
  clientAssertion,
  JWT_BEARER,
  type KeyKind,
  makeClientKey,
  presenting,
} from '../../support/client-assertion.ts';
import {
  createKeyedIssuer,
  KEY,
  KEYS,
  type KeyedIssuer,
  NOW,
  refusedFor,
  STOLEN,
} from '../../support/keyed-issuer.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { clientId } from '../../support/records.ts';

const SHOP = clientId('shop');

let issuer: KeyedIssuer;
let record: RequestRecord;
beforeEach(async () => {
  issuer = await createKeyedIssuer();
  ({ record } = issuer);
});

const addKeyed = (client_id: string, ...keys: readonly object[]) => issuer.addKeyed(client_id, ...keys);
const good = () => issuer.good();
const assertion = (changes?: Partial<Assertion>) => issuer.assertion(changes);
const authenticate = (client_assertion: string, form = {}) => issuer.authenticate(client_assertion, form);

describe('private_key_jwt', () => {
  for (const [kind, algs] of Object.entries(ALGS_BY_KEY)) {
    for (const alg of algs) {
      it(`authenticates a client by an assertion signed with ${alg} (RFC 7523 §2.2)`, async () => {
        const key = KEYS[kind as KeyKind];
        const signed = await clientAssertion(key, alg, { claims: good() });
        assert.equal((await authenticate(signed)).client_id, 'shop');
        assert.deepEqual(record, { auth_method: 'private_key_jwt', client_id: 'shop' });
      });
    }
  }

  for (const typ of [undefined, 'JWT', 'client-authentication+jwt']) {
    it(`takes the type ${typ} (draft-ietf-oauth-rfc7523bis)`, async () => {
      assert.equal((await authenticate(await assertion({ header: { typ } }))).client_id, 'shop');
    });
  }

  it('allows for a minute between the clocks, and takes an hour at most (RFC 7523 §3)', async () => {
    for (const claims of [
      { exp: NOW - 59 },
      { exp: NOW + 3_660 },
      { nbf: NOW + 60 },
      { iat: NOW + 60 },
      { iat: undefined },
      { iat: NOW - 86_400 },
      { exp: NOW + 0.5 },
    ]) {
      assert.equal((await authenticate(await assertion({ claims }))).client_id, 'shop');
    }
  });

  it('takes the client_id beside it when it is the same (RFC 7521 §4.2)', async () => {
    assert.equal((await authenticate(await assertion(), { client_id: 'shop' })).client_id, 'shop');
    await assert.rejects(authenticate(await assertion(), { client_id: 'backend' }), {
      code: 'invalid_request',
      description: 'client_id in the body is not that of the authenticated client',
    });
  });

  for (const form of [{ client_assertion: 'a.b.c' }, { client_assertion_type: JWT_BEARER }]) {
    it(`asks for both parameters where there is ${Object.keys(form)} (RFC 7521 §4.2)`, async () => {
      await assert.rejects(authenticateClient(oauthRequest(undefined, form), issuer, record), {
        code: 'invalid_request',
        description:
          'client_assertion and client_assertion_type stand in the body together or not at all (RFC 7521 section 4.2)',
      });
    });
  }

  for (const type of [
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    'urn:ietf:params:oauth:client-assertion-type:JWT-bearer',
    `${JWT_BEARER} `,
  ]) {
    it(`does not support the type "${type}" (RFC 7521 §4.2)`, async () => {
      const form = { client_assertion_type: type };
      await assert.rejects(authenticate(await assertion(), form), refusedFor('unsupported_method'));
    });
  }

  it('refuses an assertion beside a secret, though both are right (RFC 6749 §2.3)', async () => {
    const form = presenting(await assertion());
    const description = (other: string) =>
      `the request authenticates by both ${other} and private_key_jwt: send one`;
    for (const [request, other] of [
      [oauthRequest(basic('backend', issuer.client_secret), form), 'client_secret_basic'],
      [oauthRequest(undefined, { ...form, client_secret: issuer.client_secret }), 'client_secret_post'],
    ] as const) {
      await assert.rejects(authenticateClient(request, issuer, record), {
        code: 'invalid_request',
        description: description(other),
      });
    }
  });

  it('is for clients that are registered for it alone, and they may use no other (RFC 7591 §2)', async () => {
    await updateClient(issuer.client.client_id, { jwks: { keys: [KEY.jwk] } }, issuer);
    const claims = { iss: 'backend', sub: 'backend' };
    await assert.rejects(authenticate(await assertion({ claims })), refusedFor('method_not_registered'));
    const method = { token_endpoint_auth_method: 'private_key_jwt' };
    await updateClient(issuer.client.client_id, method, issuer);
    assert.equal((await authenticate(await assertion({ claims }))).client_id, 'backend');
    const bySecret = oauthRequest(basic('backend', issuer.client_secret));
    await assert.rejects(authenticateClient(bySecret, issuer, {}), refusedFor('method_not_registered'));
  });

  it('refuses a disabled client', async () => {
    await setClientEnabled(SHOP, false, issuer);
    await assert.rejects(authenticate(await assertion()), refusedFor('client_disabled'));
  });

  for (const [what, kid, keys, reason] of [
    ['a kid that no key has', 'nobody', [KEY.jwk], 'assertion_unknown_key'],
    ['a kid in another case', 'p-256', [KEY.jwk], 'assertion_unknown_key'],
    ['a kid that is no text', 1, [KEY.jwk], 'assertion_unknown_key'],
    ['a kid where the key has none', 'P-256', [{ ...KEY.jwk, kid: undefined }], 'assertion_unknown_key'],
    ['the kid of another key', 'P-256', [{ ...STOLEN.jwk }], 'assertion_wrong_signature'],
    ['the kid of a key of another type', 'RSA', [KEYS.RSA.jwk], 'assertion_wrong_algorithm'],
    ['the kid of a key on another curve', 'P-384', [KEYS['P-384'].jwk], 'assertion_wrong_algorithm'],
    [
      'no kid where two keys fit',
      undefined,
      [KEY.jwk, { ...STOLEN.jwk, kid: 'other' }],
      'assertion_unknown_key',
    ],
    ['no kid where one key fits', undefined, [KEY.jwk, KEYS.RSA.jwk], undefined],
    ['no kid where the key has none', undefined, [{ ...KEY.jwk, kid: undefined }], undefined],
    ['the kid of one of several keys', 'P-256', [STOLEN.jwk, KEY.jwk].slice(1), undefined],
    ['the kid of a key of this alg and use', 'P-256', [{ ...KEY.jwk, alg: 'ES256', use: 'sig' }], undefined],
  ] as const) {
    it(`${reason === undefined ? 'takes' : 'refuses'} ${what} (RFC 7515 §4.1.4)`, async () => {
      const given = keys.map((jwk) => JSON.parse(JSON.stringify(jwk)));
      await updateClient(SHOP, { jwks: { keys: given } }, issuer);
      const signed = await assertion({ header: { kid } });
      if (reason === undefined) assert.equal((await authenticate(signed)).client_id, 'shop');
      else await assert.rejects(authenticate(signed), refusedFor(reason));
    });
  }

  for (const name of ['x5t#S256', 'x5t'] as const) {
    it(`finds a key by the ${name} of its certificate, and no other (RFC 7515 §4.1.7, §4.1.8)`, async () => {
      const characters = name === 'x5t' ? 27 : 43;
      const named = { ...KEY.jwk, [name]: 'a'.repeat(characters) };
      const other = { ...STOLEN.jwk, kid: 'other', [name]: 'b'.repeat(characters) };
      await updateClient(SHOP, { jwks: { keys: [other, named] } }, issuer);
      const by = (thumbprint: string) =>
        assertion({ header: { kid: undefined, [name]: thumbprint.repeat(characters) } });
      assert.equal((await authenticate(await by('a'))).client_id, 'shop');
      await assert.rejects(authenticate(await by('b')), refusedFor('assertion_wrong_signature'));
      await assert.rejects(authenticate(await by('c')), refusedFor('assertion_unknown_key'));
    });
  }

  it('takes no other algorithm than that of the key, though its type has more (RFC 8725 §3.1)', async () => {
    await updateClient(SHOP, { jwks: { keys: [{ ...KEYS.RSA.jwk, alg: 'PS256' }] } }, issuer);
    const signed = (alg: string) => clientAssertion(KEYS.RSA, alg, { claims: good() });
    assert.equal((await authenticate(await signed('PS256'))).client_id, 'shop');
    await assert.rejects(authenticate(await signed('RS256')), refusedFor('assertion_wrong_algorithm'));
  });
});

describe('a jti', () => {
  it('is good once (RFC 7523 §3)', async () => {
    const signed = await assertion();
    assert.equal((await authenticate(signed)).client_id, 'shop');
    await assert.rejects(authenticate(signed), refusedFor('assertion_replayed'));
    issuer.time.now = NOW + 119;
    await assert.rejects(authenticate(signed), refusedFor('assertion_replayed'));
    issuer.time.now = NOW + 120;
    await assert.rejects(authenticate(signed), refusedFor('assertion_expired'));
  });

  it('is good for one of 25 requests at once', async () => {
    const signed = await assertion();
    const outcomes = await Promise.allSettled(Array.from({ length: 25 }, () => authenticate(signed)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('is its client’s own', async () => {
    await addKeyed('other', STOLEN.jwk);
    const jti = 'one';
    const claims = { ...good(), iss: 'other', sub: 'other', jti };
    assert.equal((await authenticate(await assertion({ claims: { jti } }))).client_id, 'shop');
    const others = await clientAssertion(STOLEN, 'ES256', { claims });
    assert.equal((await authenticate(others)).client_id, 'other');
  });

  it('is used up by nobody but its client', async () => {
    const jti = 'one';
    await assert.rejects(
      authenticate(await clientAssertion(STOLEN, 'ES256', { claims: { ...good(), jti } })),
    );
    await assert.rejects(authenticate(await assertion({ claims: { jti, aud: 'another' } })));
    assert.equal((await authenticate(await assertion({ claims: { jti } }))).client_id, 'shop');
  });
});

describe('an unknown client', () => {
  it('stands in the log by a hash', async () => {
    const signed = await assertion({ claims: { iss: 'nobody', sub: 'nobody' } });
    await assert.rejects(authenticate(signed), refusedFor('unknown_client'));
    const sha256 = crypto.createHash('sha256').update('nobody').digest('hex');
    assert.deepEqual(record, {
      auth_method: 'private_key_jwt',
      unknown_client_id_sha256: sha256.slice(0, 16),
    });
  });

  for (const [kind, algs] of Object.entries(ALGS_BY_KEY)) {
    it(`costs a look-up and a verification, as a known one does: ${kind}`, async (t) => {
      const [alg] = algs;
      const key = makeClientKey(kind as KeyKind);
      for (const sub of ['nobody', 'nobody', 'shop']) {
        const signed = await clientAssertion(key, alg, { claims: { ...good(), iss: sub, sub } });
        const find = t.mock.method(issuer.clients, 'find');
        const verify = mock.method(crypto, 'verify');
        syncBuiltinESMExports();
        await assert.rejects(authenticate(signed), { code: 'invalid_client' });
        assert.deepEqual([find.mock.callCount(), verify.mock.callCount()], [1, 1], sub);
        find.mock.restore();
        verify.mock.restore();
        syncBuiltinESMExports();
      }
    });
  }
});
