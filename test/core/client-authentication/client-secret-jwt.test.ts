import assert from 'node:assert/strict';
import crypto, { createHash } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { authenticateClient } from '../../../core/client-authentication/authenticate-client.ts';
import { addClientSecret, revokeClientSecret } from '../../../core/management/client-secrets.ts';
import { createClient, setClientEnabled } from '../../../core/management/clients.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import { type Assertion, clientAssertion, presenting } from '../../support/client-assertion.ts';
import { createKeyedIssuer, KEY, type KeyedIssuer, NOW, refusedFor } from '../../support/keyed-issuer.ts';
import { MAC_ALGS, macAssertion, macBy } from '../../support/mac-assertion.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { clientId } from '../../support/records.ts';

const TILL = clientId('till');

let issuer: KeyedIssuer;
let secret: string;
beforeEach(async () => {
  issuer = await createKeyedIssuer();
  secret = await addTill('till');
});

/** Adds a client of the method, and tells its secret. */
async function addTill(client_id: string, request = {}): Promise<string> {
  const method = { token_endpoint_auth_method: 'client_secret_jwt' };
  const made = await createClient(client_id, method, request, issuer);
  return made.secret?.client_secret ?? '';
}

const good = (claims: object = {}) => ({ ...issuer.good(), iss: 'till', sub: 'till', ...claims });
const assertion = ({ header = {}, claims = {}, ...rest }: Partial<Assertion> = {}, alg = 'HS256') =>
  macAssertion(secret, alg, { header, claims: good(claims), ...rest });
const authenticate = (client_assertion: string, form = {}) => issuer.authenticate(client_assertion, form);

describe('client_secret_jwt', () => {
  for (const alg of MAC_ALGS) {
    it(`authenticates a client by an assertion with ${alg} by its secret (RFC 7523 §2.2, OpenID Connect Core §9)`, async () => {
      assert.equal((await authenticate(await assertion({}, alg))).client_id, 'till');
      assert.deepEqual(issuer.record, { auth_method: 'client_secret_jwt', client_id: 'till' });
    });
  }

  it('has secrets of 512 bits, recognizable as all are, and keeps their hash alone (RFC 7518 §3.2)', async () => {
    assert.match(secret, /^signet_secret_[0-9A-Za-z]{92}$/);
    const [stored] = (await issuer.clients.find(TILL))?.client_secrets ?? [];
    assert.equal(stored?.sha256, createHash('sha256').update(secret).digest('base64url'));
    assert.ok(!JSON.stringify(await issuer.clients.list(100)).includes(secret));
  });

  it('takes both secrets while one replaces the other, and none that was revoked', async () => {
    const second = await addClientSecret(TILL, {}, issuer);
    const bySecond = () => assertion({ sign: macBy(second.client_secret) });
    for (const signed of [await assertion(), await bySecond()]) {
      assert.equal((await authenticate(signed)).client_id, 'till');
    }
    await revokeClientSecret(TILL, second.stored.secret_id, issuer);
    await assert.rejects(authenticate(await bySecond()), refusedFor('assertion_wrong_signature'));
    assert.equal((await authenticate(await assertion())).client_id, 'till');
  });

  it('takes no secret that has expired, and tells the log before for how long it is good', async () => {
    secret = await addTill('till2', { expiresInSeconds: 60 });
    const signed = () => assertion({ claims: { iss: 'till2', sub: 'till2', exp: NOW + 300 } });
    assert.equal((await authenticate(await signed())).client_id, 'till2');
    assert.equal(issuer.record.secret_expires_in, 60);
    issuer.time.now += 60;
    await assert.rejects(authenticate(await signed()), refusedFor('secret_expired'));
  });

  it('refuses a disabled client', async () => {
    await setClientEnabled(TILL, false, issuer);
    await assert.rejects(authenticate(await assertion()), refusedFor('client_disabled'));
  });

  it('takes an assertion once, of 25 requests at once (RFC 7523 §3)', async () => {
    const signed = await assertion();
    const outcomes = await Promise.allSettled(Array.from({ length: 25 }, () => authenticate(signed)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    await assert.rejects(authenticate(signed), refusedFor('assertion_replayed'));
  });

  it('is not there where no secrets are derived, for no client', async () => {
    const off = { ...issuer, secretDerivation: undefined };
    for (const sub of ['till', 'shop', 'nobody']) {
      const form = presenting(await assertion({ claims: { iss: sub, sub } }));
      const request = authenticateClient(oauthRequest(undefined, form), off, {});
      await assert.rejects(request, refusedFor('unsupported_method'));
    }
  });

  it('is the only method of its clients, and theirs alone (RFC 7591 §2)', async () => {
    for (const request of [
      oauthRequest(basic('till', secret)),
      oauthRequest(undefined, { client_id: 'till', client_secret: secret }),
    ]) {
      const refused = authenticateClient(request, issuer, {});
      await assert.rejects(refused, refusedFor('method_not_registered'));
    }
    const signed = await clientAssertion(KEY, 'ES256', { claims: good() });
    await assert.rejects(authenticate(signed), refusedFor('method_not_registered'));
    const ofBasic = macAssertion(issuer.client_secret, 'HS256', {
      claims: good({ iss: 'backend', sub: 'backend' }),
    });
    await assert.rejects(authenticate(await ofBasic), refusedFor('method_not_registered'));
  });

  it('refuses an assertion beside a secret, though both are right (RFC 6749 §2.3)', async () => {
    const form = { ...presenting(await assertion()), client_id: 'till', client_secret: secret };
    await assert.rejects(authenticateClient(oauthRequest(undefined, form), issuer, {}), {
      code: 'invalid_request',
      description: 'the request authenticates by both client_secret_post and client_secret_jwt: send one',
    });
  });

  it('derives each secret once for as long as the client’s record is kept', async (t) => {
    await addClientSecret(TILL, {}, issuer);
    const derive = t.mock.method(issuer.secretDerivation, 'derive');
    for (let n = 0; n < 3; n += 1) await authenticate(await assertion());
    assert.equal(derive.mock.callCount(), 2);
  });

  it('derives nothing for clients of other methods, or of none', async (t) => {
    const derive = t.mock.method(issuer.secretDerivation, 'derive');
    for (const sub of ['shop', 'backend', 'nobody']) {
      await assert.rejects(authenticate(await assertion({ claims: { iss: sub, sub } })));
    }
    assert.equal(derive.mock.callCount(), 0);
  });

  it('makes one MAC for a client that does not exist, as for one that does, and compares it in constant time', async () => {
    for (const sub of ['nobody', 'till']) {
      const signed = await assertion({ claims: { iss: sub, sub }, sign: macBy('another secret') });
      const createHmac = mock.method(crypto, 'createHmac');
      const timingSafeEqual = mock.method(crypto, 'timingSafeEqual');
      syncBuiltinESMExports();
      await assert.rejects(authenticate(signed), { code: 'invalid_client' });
      const macs = createHmac.mock.calls.filter(({ arguments: [digest] }) => digest === 'sha256').length;
      const comparisons = timingSafeEqual.mock.callCount();
      mock.restoreAll();
      syncBuiltinESMExports();
      assert.deepEqual([macs, comparisons], [1, 1], sub);
    }
  });
});

/** What an attacker, or a client that errs, may send; and what the log says of it. */
const ATTACKS: readonly (readonly [what: string, attack: () => Promise<string>, reason: string])[] = [
  ['another secret', () => assertion({ sign: macBy('another secret') }), 'assertion_wrong_signature'],
  ['the secret of another client', byOtherSecret, 'assertion_wrong_signature'],
  ['an empty secret', () => assertion({ sign: macBy('') }), 'assertion_wrong_signature'],
  [
    'the hash of the secret, which a stolen table has',
    () => assertion({ sign: macBy(createHash('sha256').update(secret).digest('base64url')) }),
    'assertion_wrong_signature',
  ],
  ['the identifier of the secret', bySecretId, 'assertion_wrong_signature'],
  [
    'the secret without its prefix',
    () => assertion({ sign: macBy(secret.replace('signet_secret_', '')) }),
    'assertion_wrong_signature',
  ],
  [
    'the secret in base64url, decoded',
    () => assertion({ sign: macBy(Buffer.from(secret, 'base64url')) }),
    'assertion_wrong_signature',
  ],
  [
    'the secret with a line break',
    () => assertion({ sign: macBy(`${secret}\n`) }),
    'assertion_wrong_signature',
  ],
  [
    'a MAC of another algorithm',
    () => assertion({ sign: macBy(secret, 'HS512') }),
    'assertion_wrong_signature',
  ],
  [
    'a MAC that is cut short',
    () => assertion({ sign: async (input) => (await macBy(secret)(input)).subarray(0, 16) }),
    'assertion_wrong_signature',
  ],
  ['no MAC', () => assertion({ sign: () => new Uint8Array() }), 'assertion_wrong_signature'],
  ['a MAC of zeros', () => assertion({ sign: () => new Uint8Array(32) }), 'assertion_wrong_signature'],
  [
    'another key that the header brings as jwk',
    () => assertion({ header: { jwk: { kty: 'oct', k: 'AAAA' } }, sign: macBy(Buffer.alloc(3)) }),
    'assertion_wrong_signature',
  ],
  [
    'a kid that names a file',
    () => assertion({ header: { kid: '/dev/null' }, sign: macBy('') }),
    'assertion_wrong_signature',
  ],
  ['alg none', () => assertion({ header: { alg: 'none' } }), 'method_not_registered'],
  ['HS1', () => assertion({ header: { alg: 'HS1' } }), 'method_not_registered'],
  ['hs256', () => assertion({ header: { alg: 'hs256' } }), 'method_not_registered'],
  ['a list with HS256', () => assertion({ header: { alg: ['HS256'] } }), 'method_not_registered'],
  ['the type of an access token', () => assertion({ header: { typ: 'at+jwt' } }), 'assertion_wrong_type'],
  ['a critical extension', () => assertion({ header: { crit: ['b64'], b64: false } }), 'assertion_malformed'],
  [
    'another audience',
    () => assertion({ claims: { aud: 'https://another.example.com' } }),
    'assertion_wrong_audience',
  ],
  [
    'the token endpoint',
    () => assertion({ claims: { aud: 'https://auth.example.com/token' } }),
    'assertion_wrong_audience',
  ],
  ['another iss', () => assertion({ claims: { iss: 'shop' } }), 'assertion_wrong_issuer'],
  ['a client of keys', () => assertion({ claims: { iss: 'shop', sub: 'shop' } }), 'method_not_registered'],
  ['a client in capitals', () => assertion({ claims: { iss: 'TILL', sub: 'TILL' } }), 'unknown_client'],
  ['an exp that has passed', () => assertion({ claims: { exp: NOW - 60 } }), 'assertion_expired'],
  [
    'an exp of more than an hour',
    () => assertion({ claims: { exp: NOW + 3_661 } }),
    'assertion_lives_too_long',
  ],
  ['no exp', () => assertion({ claims: { exp: undefined } }), 'assertion_malformed'],
  ['no jti', () => assertion({ claims: { jti: undefined } }), 'assertion_malformed'],
];

async function byOtherSecret(): Promise<string> {
  return assertion({ sign: macBy(await addTill('other')) });
}

async function bySecretId(): Promise<string> {
  const [stored] = (await issuer.clients.find(TILL))?.client_secrets ?? [];
  return assertion({ sign: macBy(stored?.secret_id ?? '') });
}

describe('an attacker with a MAC', () => {
  for (const [what, attack, reason] of ATTACKS) {
    it(`is refused as every other: ${what} (RFC 7523 §3, RFC 8725 §3)`, async () => {
      await assert.rejects(authenticate(await attack()), refusedFor(reason));
    });
  }

  it('gets in by no public key of a client as the key of the MAC, however it is written (RFC 8725 §2.1)', async () => {
    const { jwk, publicKey } = KEY;
    const spellings = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      ...[JSON.stringify(jwk), String(jwk['x']), Buffer.from(String(jwk['x']), 'base64url')],
    ];
    for (const alg of MAC_ALGS) {
      for (const spelling of spellings) {
        const claims = good({ iss: 'shop', sub: 'shop' });
        const signed = await assertion({ claims, sign: macBy(spelling, alg) }, alg);
        await assert.rejects(authenticate(signed), refusedFor('method_not_registered'));
      }
    }
  });

  it('gets in by no mutation of a good assertion, and makes no error but ours', async () => {
    const signed = await assertion();
    const mutation = fc
      .tuple(
        fc.nat({ max: signed.length - 1 }),
        fc.nat({ max: 5 }),
        fc.string({ unit: 'binary', maxLength: 4 }),
      )
      .map(([at, cut, insert]) => signed.slice(0, at) + insert + signed.slice(at + cut))
      .filter((mutated) => mutated !== signed && mutated !== '');
    await fc.assert(
      fc.asyncProperty(mutation, async (mutated) => {
        const outcome = await authenticate(mutated).catch((error: unknown) => error);
        assert.ok(outcome instanceof OAuthError, String(outcome));
        assert.ok(['invalid_client', 'invalid_request'].includes(outcome.code));
      }),
      { numRuns: 2_000 },
    );
    assert.equal((await authenticate(signed)).client_id, 'till');
  });
});
