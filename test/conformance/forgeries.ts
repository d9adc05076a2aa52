import { createHmac, createPublicKey, sign } from 'node:crypto';
import { generateKeyPairFor } from '../../adapters/embedded/key-pair.ts';
import { ALGS, type Alg, signingAlgorithm } from '../../core/jose/algorithms.ts';
import { compactJws, type GenuineToken, type Sign } from './genuine-token.ts';

/** Makes of a good token one that nobody may take for good. */
type Forgery = (genuine: GenuineToken) => Promise<string> | string;

type Forgeries = readonly (readonly [what: string, forgery: Forgery])[];

/** Tokens that anyone can make who has a good one and the JWKS (RFC 8725 §2). */
export const FORGED_BY_OTHERS: Forgeries = [
  ['alg none', unsigned({ alg: 'none' })],
  ['alg None', unsigned({ alg: 'None' })],
  ['an empty alg', unsigned({ alg: '' })],
  ['no alg', unsigned({ alg: undefined })],
  ['alg none and a good signature', signedByIssuer({ alg: 'none' })],
  ['HS256 by the public key in PEM', signedByHmac(pem)],
  ['HS256 by the public key in PEM without its last newline', signedByHmac((key) => pem(key).trim())],
  ['HS256 by the public key in DER', signedByHmac(der)],
  ['HS256 by the public key as JWK', signedByHmac(jwk)],
  ['HS256 by the public key as JWK, under the alg of the key', signedByHmac(jwk, {})],
  ['HS256 by nothing', signedByHmac(() => '')],
  ['another key under the same kid', signedByAnother(() => ({}))],
  ['another key that the header brings as jwk', signedByAnother((jwk) => ({ jwk }))],
  ['another key at a jku', signedByAnother(() => ({ jku: 'https://attacker.example.com/jwks.json' }))],
  ['another key under a kid of its own', signedByAnother(() => ({ kid: 'another' }))],
  ['more scope under the old signature', withOldSignature({ scope: 'orders:delete' })],
  ['a later exp under the old signature', withOldSignature({ exp: 4_102_444_800 })],
  ['no signature', unsigned({})],
  ['a signature that lacks its last byte', withSignature((good) => good.slice(0, -1))],
  ['a signature with a byte too much', withSignature((good) => Buffer.concat([good, Buffer.alloc(1)]))],
  [
    'a signature with one bit changed',
    withSignature((good) => good.map((byte, at) => (at === 9 ? byte ^ 1 : byte))),
  ],
  ['a signature of zeros', withSignature((good) => good.map(() => 0))],
];

/** Tokens that the issuer alone could sign, and never would (RFC 9068 §4, RFC 7515 §4.1.11). */
export const NEVER_ISSUED: Forgeries = [
  ['another iss', signedByIssuer({}, { iss: 'https://another.example.com' })],
  ['its iss with a slash behind', signedByIssuer({}, ({ iss }) => ({ iss: `${iss}/` }))],
  ['no iss', signedByIssuer({}, { iss: undefined })],
  ['an exp that has passed', signedByIssuer({}, () => ({ exp: Math.floor(Date.now() / 1000) - 1 }))],
  ['no exp', signedByIssuer({}, { exp: undefined })],
  ['an exp that is no number', signedByIssuer({}, ({ exp }) => ({ exp: String(exp) }))],
  ['no aud', signedByIssuer({}, { aud: undefined })],
  ['its aud in a list', signedByIssuer({}, ({ aud }) => ({ aud: [aud] }))],
  ['a second aud that is no URI', signedByIssuer({}, ({ aud }) => ({ aud: [aud, 'another'] }))],
  [
    'two aud that are no resources',
    signedByIssuer({}, { aud: ['urn:nobody', 'https://nobody.example.com'] }),
  ],
  ['an aud that is no resource', signedByIssuer({}, { aud: 'https://nobody.example.com' })],
  ['no jti', signedByIssuer({}, { jti: undefined })],
  ['no client_id', signedByIssuer({}, { client_id: undefined })],
  ['a client_id that no client has', signedByIssuer({}, { client_id: 'nobody' })],
  ['typ JWT', signedByIssuer({ typ: 'JWT' })],
  ['typ of another kind of token', signedByIssuer({ typ: 'secevent+jwt' })],
  ['no typ', signedByIssuer({ typ: undefined })],
  ['a kid that no key has', signedByIssuer({ kid: 'nobody' })],
  ['no kid', signedByIssuer({ kid: undefined })],
  ...['RSA1_5', 'ES256K', 'Ed448', 'Ed25519'].map(
    (alg) => [`an alg that no key has: ${alg}`, signedByIssuer({ alg })] as const,
  ),
  ['a critical extension', signedByIssuer({ crit: ['b64'], b64: true })],
  ['claims that are no object', ({ header, sign }) => compactJws(header, ['claims'], sign)],
  ['a header that is no object', ({ claims, sign }) => compactJws([], claims, sign)],
];

/** Tokens that mix an algorithm up with those of other families and digests (RFC 8725 §2.1, §3.1). */
export function algorithmConfusions(genuine: Alg): Forgeries {
  return ALGS.filter((alg) => alg !== genuine).flatMap((alg) => [
    [`its own signature as ${alg}`, signedByIssuer({ alg })] as const,
    [`the signature of a key of ${alg} under its kid, as ${alg}`, signedByAnother(() => ({ alg }), alg)],
    [`the signature of a key of ${alg} under its kid and alg`, signedByAnother(() => ({}), alg)],
  ]);
}

/** Strings that are no JWT at all, though some have one in them. */
export const NO_TOKENS: Forgeries = [
  ...[
    'a-token',
    '.',
    '..',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    'a.b.c.d.e',
    'null',
    '__proto__',
    '{"active":true}',
    'e30.e30.e30',
    'токен',
    '🔑',
  ].map((text) => [text, () => text] as const),
  ['a token in capitals', ({ token }) => token.toUpperCase()],
  ['a token behind Bearer', ({ token }) => `Bearer ${token}`],
  ['a token behind a space', ({ token }) => ` ${token}`],
  ['a token before a newline', ({ token }) => `${token}\n`],
  ['a token with base64 padding', ({ token }) => `${token}=`],
  ['a token and a dot', ({ token }) => `${token}.`],
  ['a token twice', ({ token }) => `${token}.${token}`],
  ['two thirds of a token', ({ token }) => token.slice(0, token.lastIndexOf('.'))],
  ['a token in JWS JSON', ({ token }) => jwsJson(token)],
  ['a token a megabyte long', ({ token }) => token.replace('.', `${'A'.repeat(1_000_000)}.`)],
  ['a megabyte of letters', () => 'a'.repeat(1_000_000)],
  ['a megabyte of dots', () => '.'.repeat(1_000_000)],
  [
    'a megabyte of brackets in base64url',
    () => `${Buffer.from('['.repeat(750_000)).toString('base64url')}.e30.e30`,
  ],
];

/** The JWT without a signature, under a header with other members. */
function unsigned(header: object): Forgery {
  return (genuine) => compactJws({ ...genuine.header, ...header }, genuine.claims, () => Buffer.alloc(0));
}

/** The JWT with what was made of its good signature. */
function withSignature(change: (good: Uint8Array) => Uint8Array): Forgery {
  return ({ header, claims, sign }) => compactJws(header, claims, async (input) => change(await sign(input)));
}

/** The JWT with an HMAC that is keyed with what everyone knows. */
function signedByHmac(
  secretOf: (key: GenuineToken['key']) => string | Uint8Array,
  header: object = { alg: 'HS256' },
): Forgery {
  return (genuine) =>
    compactJws({ ...genuine.header, ...header }, genuine.claims, (input) =>
      createHmac('sha256', secretOf(genuine.key)).update(input).digest(),
    );
}

/** The JWT with other members in header and claims, signed by the issuer's own key. */
function signedByIssuer(
  header: object,
  claims: object | ((claims: GenuineToken['claims']) => object) = {},
): Forgery {
  return (genuine) => {
    const changed = typeof claims === 'function' ? claims(genuine.claims) : claims;
    return compactJws({ ...genuine.header, ...header }, { ...genuine.claims, ...changed }, genuine.sign);
  };
}

/** The JWT with other claims, under the signature that it had. */
function withOldSignature(claims: object): Forgery {
  return ({ token, header, claims: before }) => {
    const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url');
    return compactJws(header, { ...before, ...claims }, () => signature);
  };
}

/** The JWT signed by a key that the issuer has never seen, of the same kind where no other is given. */
function signedByAnother(headerOf: (jwk: object) => object, by?: Alg): Forgery {
  return async ({ header, claims, key }) => {
    const alg = by ?? key.alg;
    const { publicKey, privateKey } = await generateKeyPairFor(alg);
    const { digest, signature } = signingAlgorithm(alg);
    const signByAnother: Sign = (input) => sign(digest, input, { key: privateKey, ...signature });
    return compactJws({ ...header, ...headerOf(publicKey.export({ format: 'jwk' })) }, claims, signByAnother);
  };
}

function pem({ public_jwk }: GenuineToken['key']): string {
  return createPublicKey({ key: public_jwk, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
}

function der({ public_jwk }: GenuineToken['key']): Uint8Array {
  return createPublicKey({ key: public_jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}

function jwk({ public_jwk }: GenuineToken['key']): string {
  return JSON.stringify(public_jwk);
}

function jwsJson(token: string): string {
  const [header, payload, signature] = token.split('.');
  return JSON.stringify({ protected: header, payload, signature });
}
