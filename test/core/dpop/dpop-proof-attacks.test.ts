import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { type DpopProofRefusal, readDpopProof } from '../../../core/dpop/dpop-proof.ts';
import { signerOf } from '../../support/client-assertion.ts';
import { dpopProof, jwkOf, type ProofChanges } from '../../support/dpop-proof.ts';
import { KEY, KEYS, NOW, STOLEN } from '../../support/keyed-issuer.ts';

const issuer = { identifier: 'https://auth.example.com', clock: () => NOW };
const HTU = 'https://auth.example.com/token';

const proof = (changes?: ProofChanges) => dpopProof(KEY, 'ES256', HTU, NOW, changes);
const says = (claims: Readonly<Record<string, unknown>>) => () => proof({ claims });
const has = (header: Readonly<Record<string, unknown>>) => () => proof({ header });
/** A proof that brings this as its key. */
const brings = (jwk: unknown) => has({ jwk });
const JWK = jwkOf(KEY.publicKey);
const hmac = (secret: string) => (input: Uint8Array) => createHmac('sha256', secret).update(input).digest();
const pem = KEY.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const encode = (text: string) => Buffer.from(text).toString('base64url');

/** JSON has what JavaScript cannot write: numbers without end, members that stand twice. */
const withClaims = async (json: string) => {
  const [header = ''] = (await proof()).split('.');
  const signingInput = `${header}.${encode(json)}`;
  return `${signingInput}.${Buffer.from(await signerOf(KEY, 'ES256')(Buffer.from(signingInput))).toString('base64url')}`;
};
const good = (rest: string) => `{"jti":"a","htm":"POST","htu":"${HTU}",${rest}}`;

/** What an attacker, or a client that errs, may send; and what the log says of it. */
const ATTACKS: readonly (readonly [
  what: string,
  attack: () => Promise<string> | string,
  refusal: DpopProofRefusal,
])[] = [
  // RFC 9449 §4.3, check 1 and 3: one header, one JWT
  ['an empty header', () => '', 'proof_malformed'],
  [
    'two headers, as a gateway joins them',
    async () => `${await proof()},${await proof()}`,
    'proof_malformed',
  ],
  ['two headers, as node joins them', async () => `${await proof()}, ${await proof()}`, 'proof_malformed'],
  ['the same header twice', () => proof().then((one) => `${one},${one}`), 'proof_malformed'],
  ['an empty header beside a good one', async () => `,${await proof()}`, 'proof_malformed'],
  ['nothing but dots', () => '..', 'proof_malformed'],
  ['two parts', () => 'e30.e30', 'proof_malformed'],
  ['five parts, as an encrypted one has', () => 'e30.e30.e30.e30.e30', 'proof_malformed'],
  ['a scheme before it', async () => `DPoP ${await proof()}`, 'proof_malformed'],
  ['padding behind its base64url', async () => `${await proof()}=`, 'proof_malformed'],
  ['a line break behind it', async () => `${await proof()}\r\nX: y`, 'proof_malformed'],
  ['more than 16,384 characters', says({ padding: 'x'.repeat(16_384) }), 'proof_malformed'],
  ['brackets without end', () => `e30.${encode('['.repeat(10_000))}.e30`, 'proof_malformed'],
  [
    'a header as deep as it can be',
    () => `${encode(`${'{"jwk":'.repeat(1_200)}1${'}'.repeat(1_200)}`)}.e30.e30`,
    'proof_wrong_type',
  ],
  [
    'a key as deep as it can be',
    async () => {
      const [, claims] = (await proof()).split('.');
      const header = `{"typ":"dpop+jwt","alg":"ES256","jwk":${'['.repeat(4_000)}${']'.repeat(4_000)}}`;
      return `${encode(header)}.${claims}.AAAA`;
    },
    'proof_wrong_key',
  ],
  ['a critical extension', has({ crit: ['b64'], b64: true }), 'proof_malformed'],
  // Check 4: the type
  ['no typ', has({ typ: undefined }), 'proof_wrong_type'],
  ['the typ of any JWT', has({ typ: 'JWT' }), 'proof_wrong_type'],
  ['the typ of a client assertion', has({ typ: 'client-authentication+jwt' }), 'proof_wrong_type'],
  ['the typ of an access token', has({ typ: 'at+jwt' }), 'proof_wrong_type'],
  ['the typ in capitals', has({ typ: 'DPOP+JWT' }), 'proof_wrong_type'],
  ['the typ in a list', has({ typ: ['dpop+jwt'] }), 'proof_wrong_type'],
  // Check 5: the algorithm
  ['alg none', has({ alg: 'none' }), 'proof_wrong_algorithm'],
  [
    'alg none without a signature',
    () => proof({ header: { alg: 'none' }, sign: () => new Uint8Array() }),
    'proof_wrong_algorithm',
  ],
  ['no alg', has({ alg: undefined }), 'proof_wrong_algorithm'],
  ['alg __proto__', has({ alg: '__proto__' }), 'proof_wrong_algorithm'],
  ['alg in lower case', has({ alg: 'es256' }), 'proof_wrong_algorithm'],
  ['a list of algs', has({ alg: ['ES256'] }), 'proof_wrong_algorithm'],
  [
    'HS256 by the public key in PEM',
    () => proof({ header: { alg: 'HS256' }, sign: hmac(pem) }),
    'proof_wrong_algorithm',
  ],
  [
    'HS256 by a key that it brings',
    () => proof({ header: { alg: 'HS256', jwk: { kty: 'oct', k: 'a2V5' } }, sign: hmac('key') }),
    'proof_wrong_algorithm',
  ],
  ['an HMAC under ES256', () => proof({ sign: hmac(pem) }), 'proof_wrong_signature'],
  ['an alg of another curve', has({ alg: 'ES384' }), 'proof_wrong_key'],
  ['an alg of another type of key', has({ alg: 'RS256' }), 'proof_wrong_key'],
  ['an alg that its key is not for', has({ jwk: { ...JWK, alg: 'ES384' } }), 'proof_wrong_key'],
  // Check 6 and 7: the key
  ['no key', brings(undefined), 'proof_wrong_key'],
  ['the private key', brings({ ...KEY.privateKey.export({ format: 'jwk' }) }), 'proof_wrong_key'],
  ['a private member that is null', brings({ ...JWK, d: null }), 'proof_wrong_key'],
  ['a private member of an RSA key', brings({ ...JWK, qi: 'AQAB' }), 'proof_wrong_key'],
  ['a symmetric key', brings({ kty: 'oct', k: 'a2V5' }), 'proof_wrong_key'],
  ['a key to encrypt with', brings({ ...JWK, use: 'enc' }), 'proof_wrong_key'],
  ['a key in a list', brings([JWK]), 'proof_wrong_key'],
  ['a key as text', brings(JSON.stringify(JWK)), 'proof_wrong_key'],
  ['a point that is not on the curve', brings({ ...JWK, x: JWK['y'], y: JWK['x'] }), 'proof_wrong_key'],
  ['a coordinate in another spelling', brings({ ...JWK, x: `${JWK['x']}=` }), 'proof_wrong_key'],
  [
    'a modulus with a zero before it',
    () => dpopProof(KEYS.RSA, 'RS256', HTU, NOW, { header: { jwk: zeroBefore(KEYS.RSA.publicKey) } }),
    'proof_wrong_key',
  ],
  ['a modulus that is too long', brings({ kty: 'RSA', n: 'x'.repeat(9_000), e: 'AQAB' }), 'proof_wrong_key'],
  [
    'an RSA key with the exponent 1',
    () =>
      dpopProof(KEYS.RSA, 'RS256', HTU, NOW, { header: { jwk: { ...jwkOf(KEYS.RSA.publicKey), e: 'AQ' } } }),
    'proof_wrong_key',
  ],
  ['a curve that no alg is for', brings({ ...JWK, crv: 'secp256k1' }), 'proof_wrong_key'],
  ['the key of someone else', brings(jwkOf(STOLEN.publicKey)), 'proof_wrong_signature'],
  ['a kid in the place of the key', has({ jwk: undefined, kid: 'P-256' }), 'proof_wrong_key'],
  [
    'a jku in the place of the key',
    has({ jwk: undefined, jku: 'https://attacker.example.com' }),
    'proof_wrong_key',
  ],
  ['a signature of zeros', () => proof({ sign: () => new Uint8Array(64) }), 'proof_wrong_signature'],
  ['no signature', () => proof({ sign: () => new Uint8Array() }), 'proof_wrong_signature'],
  [
    'a signature that is too long',
    () => proof({ sign: () => new Uint8Array(4_000) }),
    'proof_wrong_signature',
  ],
  // Check 8: the method
  ['no htm', says({ htm: undefined }), 'proof_wrong_method'],
  ['another method', says({ htm: 'GET' }), 'proof_wrong_method'],
  ['the method in lower case', says({ htm: 'post' }), 'proof_wrong_method'],
  ['the method in a list', says({ htm: ['POST'] }), 'proof_wrong_method'],
  // Check 9: the URI
  ['no htu', says({ htu: undefined }), 'proof_wrong_uri'],
  ['the issuer', says({ htu: 'https://auth.example.com' }), 'proof_wrong_uri'],
  ['another endpoint', says({ htu: 'https://auth.example.com/introspect' }), 'proof_wrong_uri'],
  ['a path in capitals', says({ htu: 'https://auth.example.com/TOKEN' }), 'proof_wrong_uri'],
  ['a slash more', says({ htu: `${HTU}/` }), 'proof_wrong_uri'],
  ['another host', says({ htu: 'https://attacker.example.com/token' }), 'proof_wrong_uri'],
  [
    'a host with the right one before it',
    says({ htu: 'https://auth.example.com.attacker.example/token' }),
    'proof_wrong_uri',
  ],
  [
    'a user that looks like the host',
    says({ htu: 'https://auth.example.com@attacker.example/token' }),
    'proof_wrong_uri',
  ],
  ['a user at the right host', says({ htu: 'https://a@auth.example.com/token' }), 'proof_wrong_uri'],
  ['another scheme', says({ htu: 'http://auth.example.com/token' }), 'proof_wrong_uri'],
  ['another port', says({ htu: 'https://auth.example.com:8443/token' }), 'proof_wrong_uri'],
  ['a host in full-width letters', says({ htu: 'https://ａuth.example.com/token' }), 'proof_wrong_uri'],
  ['a tab in the host', says({ htu: 'https://au\tth.example.com/token' }), 'proof_wrong_uri'],
  ['backslashes', says({ htu: 'https:\\\\auth.example.com\\token' }), 'proof_wrong_uri'],
  ['a path alone', says({ htu: '/token' }), 'proof_wrong_uri'],
  ['the URI in a list', says({ htu: [HTU] }), 'proof_wrong_uri'],
  // Check 11: the time
  ['no iat', says({ iat: undefined }), 'proof_malformed'],
  ['an iat that is a text', says({ iat: String(NOW) }), 'proof_malformed'],
  ['an iat of long ago', says({ iat: NOW - 3_600 }), 'proof_expired'],
  ['an iat in an hour', says({ iat: NOW + 3_600 }), 'proof_not_yet_valid'],
  ['an iat in milliseconds', says({ iat: NOW * 1_000 }), 'proof_not_yet_valid'],
  ['an iat after all time', () => withClaims(good('"iat":1e999')), 'proof_not_yet_valid'],
  ['an iat before all time', () => withClaims(good('"iat":-1e999')), 'proof_expired'],
  ['a good time and then another', () => withClaims(good(`"iat":${NOW},"iat":1`)), 'proof_expired'],
  // What is good once has a name
  ['no jti', says({ jti: undefined }), 'proof_malformed'],
  ['an empty jti', says({ jti: '' }), 'proof_malformed'],
  ['a jti that is a number', says({ jti: 1 }), 'proof_malformed'],
  ['a jti of 256 characters', says({ jti: 'x'.repeat(256) }), 'proof_malformed'],
];

function zeroBefore(key: typeof KEY.publicKey): Readonly<Record<string, unknown>> {
  const { n, ...rest } = jwkOf(key);
  const modulus = Buffer.from(String(n), 'base64url');
  return { ...rest, n: Buffer.concat([Buffer.alloc(1), modulus]).toString('base64url') };
}

describe('an attacker', () => {
  for (const [what, attack, refusal] of ATTACKS) {
    it(`proves nothing by ${what} (RFC 9449 §4.3)`, async () => {
      assert.equal(readDpopProof(await attack(), issuer), refusal);
    });
  }
});
