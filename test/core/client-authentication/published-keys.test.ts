import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { authenticateClient } from '../../../core/client-authentication/authenticate-client.ts';
import { createClient, setClientEnabled, updateClient } from '../../../core/management/clients.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import { clientAssertion, presenting } from '../../support/client-assertion.ts';
import {
  createKeyedIssuer,
  KEY,
  KEYS,
  type KeyedIssuer,
  NOW,
  refusedFor,
  STOLEN,
} from '../../support/keyed-issuer.ts';
import { oauthRequest } from '../../support/oauth-request.ts';
import { clientId } from '../../support/records.ts';

const SHOP = clientId('shop');
const JWKS_URI = 'https://shop.example.com/jwks.json';

let issuer: KeyedIssuer;
beforeEach(async () => {
  issuer = await createKeyedIssuer();
  await updateClient(SHOP, { jwks: null, jwks_uri: JWKS_URI }, issuer);
  publish(KEY.jwk);
});

const publish = (...keys: readonly unknown[]) => issuer.published.set(JWKS_URI, { keys });
const authenticate = async (changes: Parameters<KeyedIssuer['assertion']>[0] = {}) =>
  issuer.authenticate(await issuer.assertion(changes));
const isShop = async (authenticated: ReturnType<KeyedIssuer['authenticate']>) =>
  assert.equal((await authenticated).client_id, 'shop');
/** Counts what is asked of others. */
const countReads = (t: it.TestContext) => {
  const mocks = (['read', 'reread'] as const).map((name) => t.mock.method(issuer.documents, name));
  return () => mocks.map(({ mock }) => mock.callCount());
};

describe('a client that publishes its keys (RFC 7591 §2)', () => {
  it('authenticates by one of them, which is found by its kid', async () => {
    publish(STOLEN.jwk, { ...KEY.jwk, kid: 'mine' });
    await isShop(authenticate({ header: { kid: 'mine' } }));
    await assert.rejects(authenticate({ header: { kid: 'P-256' } }), refusedFor('assertion_wrong_signature'));
  });

  it('authenticates by the key of the right type where two have one kid (FAPI 2.0 Security Profile §5.4.3)', async () => {
    const { kid } = KEY.jwk;
    publish({ ...KEYS.RSA.jwk, kid }, KEY.jwk);
    await isShop(authenticate());
    publish({ ...STOLEN.jwk, kid }, KEY.jwk);
    await assert.rejects(authenticate(), refusedFor('assertion_unknown_key'));
  });

  it('has its keys looked for once more when one is not there: keys rotate', async (t) => {
    const next = { ...KEY.jwk, kid: 'next' };
    const { read } = issuer.documents;
    t.mock.method(issuer.documents, 'reread', (url: string) => {
      publish(STOLEN.jwk, next);
      return read(url);
    });
    await isShop(authenticate({ header: { kid: 'next' } }));
    await assert.rejects(authenticate({ header: { kid: 'no one' } }), refusedFor('assertion_unknown_key'));
  });

  it('has its keys looked for once where the key is there', async (t) => {
    const reads = countReads(t);
    await isShop(authenticate());
    await assert.rejects(authenticate({ sign: () => new Uint8Array(64) }), {
      reason: 'assertion_wrong_signature',
    });
    await assert.rejects(authenticate({ header: { alg: 'ES384' } }), {
      reason: 'assertion_wrong_algorithm',
    });
    assert.deepEqual(reads(), [3, 0]);
  });

  for (const [what, changes, reason] of [
    ['has expired', { claims: { exp: NOW - 60 } }, 'assertion_expired'],
    ['is for another', { claims: { aud: 'another' } }, 'assertion_wrong_audience'],
    ['is of another type', { header: { typ: 'at+jwt' } }, 'assertion_wrong_type'],
    ['is of an unknown client', { claims: { iss: 'nobody', sub: 'nobody' } }, 'unknown_client'],
    ['is of a client of secrets', { claims: { iss: 'backend', sub: 'backend' } }, 'method_not_registered'],
  ] as const) {
    it(`has nobody ask for its keys by an assertion that ${what}`, async (t) => {
      await updateClient(issuer.client.client_id, { jwks_uri: JWKS_URI }, issuer);
      const reads = countReads(t);
      await assert.rejects(authenticate(changes), refusedFor(reason));
      assert.deepEqual(reads(), [0, 0]);
    });
  }

  it('has nobody ask for its keys when it is disabled', async (t) => {
    await setClientEnabled(SHOP, false, issuer);
    const reads = countReads(t);
    await assert.rejects(authenticate(), { code: 'invalid_client' });
    assert.deepEqual(reads(), [0, 0]);
  });

  it('is refused as any other when its keys cannot be had, and the log says why', async () => {
    issuer.published.delete(JWKS_URI);
    await assert.rejects(authenticate(), (error) => {
      assert.ok(error instanceof OAuthError);
      assert.equal(error.reason, 'assertion_keys_unavailable');
      assert.equal(error.description, 'client authentication failed');
      assert.equal(String(error.cause), `DocumentUnavailableError: ${JWKS_URI}: it answered 404`);
      return true;
    });
    assert.equal(issuer.record.client_id, 'shop');
  });

  it('does not hide a fault of the issuer’s own', async (t) => {
    t.mock.method(issuer.documents, 'read', () => Promise.reject(new TypeError('a fault')));
    await assert.rejects(authenticate(), new TypeError('a fault'));
  });

  const NO_JWKS = `DocumentUnavailableError: ${JWKS_URI}: it is no JWK Set of at most 50 keys`;
  for (const [what, document] of [
    ['no keys', {}],
    ['keys that are no list', { keys: KEY.jwk }],
    ['more than 50 keys', { keys: Array(51).fill(KEY.jwk) }],
    ['a JWK that is no set', KEY.jwk],
  ] as const) {
    it(`is refused where the document has ${what}`, async () => {
      issuer.published.set(JWKS_URI, document);
      await assert.rejects(authenticate(), (error) => String(Object(error).cause) === NO_JWKS);
    });
  }

  const privateJwk = KEY.privateKey.export({ format: 'jwk' });
  const UNUSABLE: readonly (readonly [what: string, key: unknown])[] = [
    ['that is no object', 'P-256'],
    ['that is null', null],
    ['with its private half', { ...privateJwk, kid: 'P-256' }],
    ['for encryption', { ...KEY.jwk, use: 'enc' }],
    ['of a symmetric type', { kty: 'oct', k: 'AAAA', kid: 'P-256' }],
    ['of no type', { ...KEY.jwk, kty: undefined }],
    ['without a coordinate', { ...KEY.jwk, y: undefined }],
    ['of an unknown type', { kty: 'new', kid: 'P-256' }],
    ['for another algorithm', { ...KEY.jwk, alg: 'HS256' }],
    ['that is not on its curve', { ...KEY.jwk, x: KEY.jwk['y'] }],
    ['of 1,024 bits', { kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB', kid: 'P-256' }],
  ];
  for (const [what, key] of UNUSABLE) {
    it(`may have a key among them ${what}, which is none (RFC 7517 §5)`, async () => {
      publish(key);
      await assert.rejects(authenticate(), refusedFor('assertion_unknown_key'));
      publish(key, { ...KEY.jwk, kid: 'good' });
      await isShop(authenticate({ header: { kid: 'good' } }));
    });
  }

  it('is refused where two of them have the name that the assertion has', async () => {
    publish(KEY.jwk, { ...STOLEN.jwk, kid: 'P-256' });
    await assert.rejects(authenticate(), refusedFor('assertion_unknown_key'));
  });

  it('does not authenticate by a key that another publishes, or that it had before', async () => {
    await issuer.addKeyed('other', STOLEN.jwk);
    const claims = { ...issuer.good() };
    const signed = await clientAssertion(STOLEN, 'ES256', { claims });
    await assert.rejects(issuer.authenticate(signed), refusedFor('assertion_wrong_signature'));
    const byOld = await clientAssertion(KEYS.Ed25519, 'EdDSA', { claims });
    await assert.rejects(issuer.authenticate(byOld), refusedFor('assertion_unknown_key'));
  });

  it('gets in by no document that has not its key, whatever it is, and makes no error but ours', async () => {
    const jwk = fc.record(
      {
        kty: fc.constantFrom('EC', 'RSA', 'OKP', 'oct', 1, null),
        crv: fc.constantFrom('P-256', 'Ed25519', 'secp256k1', {}),
        kid: fc.constantFrom('P-256', '', 1, null),
        alg: fc.constantFrom('ES256', 'none', 'HS256', []),
        x: fc.oneof(fc.base64String(), fc.constant(STOLEN.jwk['x'])),
        y: fc.oneof(fc.base64String(), fc.constant(STOLEN.jwk['y'])),
        n: fc.oneof(fc.base64String(), fc.constant(KEYS.RSA.jwk['n'])),
        e: fc.constantFrom('AQAB', 'AQ', '', 3),
      },
      { requiredKeys: [] },
    );
    const document = fc.oneof(
      fc.record({ keys: fc.array(fc.oneof(jwk, fc.jsonValue())) }),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    const signed = await issuer.assertion();
    await fc.assert(
      fc.asyncProperty(document, async (published) => {
        issuer.published.set(JWKS_URI, published);
        await assert.rejects(issuer.authenticate(signed), { code: 'invalid_client' });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the keys of a client', () => {
  const method = { token_endpoint_auth_method: 'private_key_jwt' };
  const refused = (description: string) => ({ code: 'invalid_client_metadata', description });

  it('are here or there, and not nowhere (RFC 7591 §2)', async () => {
    const one = refused('jwks_uri: the client has jwks as well: a client is known in one way');
    const both = { ...method, jwks: { keys: [KEY.jwk] }, jwks_uri: JWKS_URI };
    await assert.rejects(createClient('both', both, {}, issuer), one);
    await assert.rejects(updateClient(SHOP, { jwks: { keys: [KEY.jwk] } }, issuer), one);
    const needed = refused('jwks: a client with private_key_jwt needs its public keys');
    await assert.rejects(updateClient(SHOP, { jwks_uri: null }, issuer), needed);
    const { client, secret } = await createClient('there', { ...method, jwks_uri: JWKS_URI }, {}, issuer);
    assert.deepEqual([client.jwks_uri, client.jwks, secret], [JWKS_URI, undefined, undefined]);
  });
});

describe('the audience of an assertion', () => {
  const TOKEN_ENDPOINT = 'https://auth.example.com/token';

  it('may be the token endpoint where the operator takes it, and still no other', async () => {
    await updateClient(SHOP, { jwks_uri: null, jwks: { keys: [KEY.jwk] } }, issuer);
    const as = async (aud: unknown, assertionAudience?: string) => {
      const form = presenting(await issuer.assertion({ claims: { aud } }));
      return authenticateClient(oauthRequest(undefined, form), { ...issuer, assertionAudience }, {});
    };
    await isShop(as(TOKEN_ENDPOINT, TOKEN_ENDPOINT));
    await isShop(as('https://auth.example.com', TOKEN_ENDPOINT));
    const refused = refusedFor('assertion_wrong_audience');
    await assert.rejects(as(TOKEN_ENDPOINT), refused);
    await assert.rejects(as(undefined), refused);
    for (const aud of [
      `${TOKEN_ENDPOINT}/`,
      [TOKEN_ENDPOINT],
      [TOKEN_ENDPOINT, 'https://auth.example.com'],
    ]) {
      await assert.rejects(as(aud, TOKEN_ENDPOINT), refused);
    }
  });
});
