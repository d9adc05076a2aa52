import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { ClientJwksSchema } from '../../../core/jose/client-jwk.ts';
import { type KeyKind, makeClientKey } from '../../support/client-assertion.ts';
import { clientCertificates, jwksOf, keptJwksOf } from '../../support/client-certificates.ts';

const { publicKey, privateKey, jwk } = makeClientKey('P-256');
const rsa = makeClientKey('RSA').jwk;
const { selfSigned, otherSelfSigned } = clientCertificates(1_800_000_000);
const [certified, otherCertified] = jwksOf(selfSigned, otherSelfSigned).keys.map(Object);

/** What is said of a JWK Set, or the set as it is kept. */
function check(jwks: unknown): unknown {
  const parsed = v.safeParse(ClientJwksSchema, jwks);
  return parsed.success ? parsed.output : parsed.issues[0].message;
}

describe('the keys of a client', () => {
  for (const kind of ['RSA', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const satisfies KeyKind[]) {
    it(`are public ones, such as ${kind}, kept by the members that are used (RFC 7517 §4)`, () => {
      const key = makeClientKey(kind).jwk;
      const more = { ...key, use: 'sig', x5u: 'https://a.example.com', key_ops: ['verify'], ext: true };
      assert.deepEqual(check({ keys: [more], more: true }), { keys: [{ ...key, use: 'sig' }] });
    });
  }

  it('are called by the certificate in their x5c, which is not kept (RFC 7517 §4.7)', () => {
    const chain = { ...certified, kid: 'own', x5c: [certified.x5c[0], otherCertified.x5c[0]] };
    const [kept] = keptJwksOf(selfSigned).keys;
    assert.deepEqual(check({ keys: [chain] }), { keys: [{ ...kept, kid: 'own' }] });
    // What is kept is taken again, and says the same.
    assert.deepEqual(check({ keys: [{ ...certified, ...kept }] }), { keys: [kept] });
    assert.deepEqual(check({ keys: [kept] }), { keys: [kept] });
  });

  const PRIVATE = 'the key has private members: register its public half alone, and make a new one';
  const UNUSABLE =
    'the key is none that can be used: an RSA key has 2048 to 8192 bits, and a point lies on its curve';
  const CERTIFIED = 'the first certificate in the x5c of the key is of another key, or called otherwise';
  const BASE64 = 'a certificate in x5c is base64 of its DER (RFC 7517 section 4.7)';
  const NO_SET = 'a JWK Set has an array of keys (RFC 7517 section 5)';
  const NO_KEY = 'a key is a public JWK of kty RSA, EC or OKP (RFC 7517 section 4)';
  const ALG = 'the alg of the key is none that signs assertions with a key of its type';
  const one = (...members: readonly object[]) => ({ keys: [Object.assign({}, jwk, ...members)] });
  for (const [what, jwks, message] of [
    ['no set', [], NO_SET],
    ['keys that are no array', { keys: jwk }, NO_SET],
    ['no keys', { keys: [] }, 'a JWK Set has at least one key'],
    [
      'eleven keys',
      { keys: Array.from({ length: 11 }, (_, kid) => ({ ...jwk, kid: String(kid) })) },
      'a client has at most 10 keys',
    ],
    ['two keys of one kid', { keys: [jwk, jwk] }, 'two keys have the same kid'],
    ['a private key', { keys: [privateKey.export({ format: 'jwk' })] }, PRIVATE],
    ['a symmetric key', { keys: [{ kty: 'oct', k: 'AQAB' }] }, PRIVATE],
    ['a private member of no value', one({ d: null }), PRIVATE],
    ['a key that is no object', { keys: [publicKey.export({ type: 'spki', format: 'pem' })] }, NO_KEY],
    ['a key of no type', one({ kty: undefined }), NO_KEY],
    ['a key of another type', one({ kty: 'AKP' }), NO_KEY],
    ['another curve', one({ crv: 'secp256k1' }), 'the curve of an EC key is P-256, P-384 or P-521'],
    [
      'another Edwards curve',
      { keys: [{ kty: 'OKP', crv: 'Ed448', x: 'AQAB' }] },
      'the curve of an OKP key is Ed25519',
    ],
    ['a point that is not on its curve', one({ x: jwk['y'] }), UNUSABLE],
    ['an RSA key of 1024 bits', { keys: [makeClientKey('RSA', 1024).jwk] }, UNUSABLE],
    [
      'an RSA key of 8200 bits',
      { keys: [{ ...rsa, n: encode(Buffer.alloc(1025, 0xff)) }] },
      'a number of the key is too long',
    ],
    ['an RSA key whose exponent is 1', { keys: [{ ...rsa, e: 'AQ' }] }, UNUSABLE],
    ['an RSA key whose exponent is even', { keys: [{ ...rsa, e: 'Ag' }] }, UNUSABLE],
    ['an RSA key whose exponent is huge', { keys: [{ ...rsa, e: 'AQAAAAE' }] }, UNUSABLE],
    ['a key for encryption', one({ use: 'enc' }), 'the use of a key that verifies signatures is sig'],
    ['an empty kid', one({ kid: '' }), 'a kid is empty: leave it out'],
    ['a kid of 256 characters', one({ kid: 'k'.repeat(256) }), 'a kid has at most 255 characters'],
    ['an x5t of another length', one({ x5t: 'a'.repeat(43) }), 'x5t is base64url of a SHA-1'],
    ['an x5t#S256 of another length', one({ 'x5t#S256': 'a' }), 'x5t#S256 is base64url of a SHA-256'],
    ['the certificate of another key', { keys: [{ ...certified, x5c: otherCertified.x5c }] }, CERTIFIED],
    ['a certificate of another kind of key', { keys: [{ ...rsa, x5c: certified.x5c }] }, CERTIFIED],
    ['a certificate that is none', one({ x5c: ['MAA='] }), CERTIFIED],
    [
      'a certificate that is called otherwise',
      { keys: [{ ...certified, 'x5t#S256': 'a'.repeat(43) }] },
      CERTIFIED,
    ],
    ['no certificate in x5c', one({ x5c: [] }), BASE64],
    ['an x5c that is no array', one({ x5c: certified.x5c[0] }), BASE64],
    ['a certificate in PEM', one({ x5c: [selfSigned.cert] }), BASE64],
    ['a certificate in base64url', one({ x5c: ['_-8='] }), BASE64],
    ['a certificate without end', one({ x5c: ['A'.repeat(16_388)] }), 'a certificate in x5c is too long'],
    [
      'a chain of eleven certificates',
      { keys: [{ ...certified, x5c: Array(11).fill(certified.x5c[0]) }] },
      'x5c has at most 10 certificates',
    ],
    ['a private key with its certificate', { keys: [{ ...certified, d: 'AQAB' }] }, PRIVATE],
    ['a symmetric alg', one({ alg: 'HS256' }), ALG],
    ['the alg of another type', one({ alg: 'RS256' }), ALG],
    ['the alg of another curve', one({ alg: 'ES384' }), ALG],
  ] as const) {
    it(`are refused: ${what}`, () => {
      assert.equal(check(jwks), message);
    });
  }
});

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
