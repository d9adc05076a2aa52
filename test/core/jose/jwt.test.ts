import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { ALGS, type Alg, signingAlgorithm } from '../../../core/jose/algorithms.ts';
import { decodeJwt, isSignedBy, signJwt } from '../../../core/jose/jwt.ts';
import type { SigningKey } from '../../../core/jose/signing-key.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { makeSigningKey } from '../../support/records.ts';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const [HEADER, CLAIMS, SIGNATURE] = [encode('{"alg":"none"}'), encode('{"sub":"a"}'), encode('signature')];

describe('decodeJwt', () => {
  it('takes a compact JWS apart and verifies nothing of it (RFC 7515 §7.1)', () => {
    assert.deepEqual(decodeJwt(`${HEADER}.${CLAIMS}.${SIGNATURE}`), {
      header: { alg: 'none' },
      claims: { sub: 'a' },
      signingInput: `${HEADER}.${CLAIMS}`,
      signature: Buffer.from('signature'),
    });
    assert.deepEqual(decodeJwt(`${HEADER}.${CLAIMS}.`)?.signature.length, 0);
  });

  for (const [why, token] of [
    ['nothing', ''],
    ['one part', HEADER],
    ['two parts', `${HEADER}.${CLAIMS}`],
    ['four parts', `${HEADER}.${CLAIMS}.${SIGNATURE}.${SIGNATURE}`],
    ['the five parts of a JWE', `${HEADER}....${SIGNATURE}`],
    ['an empty header', `.${CLAIMS}.${SIGNATURE}`],
    ['padded base64url', `${HEADER}.${CLAIMS}.YQ==`],
    ['base64', `${HEADER}.${CLAIMS}.+/+/`],
    ['base64url with bits left over (RFC 4648 §3.5)', `${HEADER}.${CLAIMS}.YR`],
    ['base64url that ends within a byte', `${HEADER}.${CLAIMS}.Y`],
    ['a line break', `${HEADER}.${CLAIMS}.${SIGNATURE}\n`],
    ['a header that is no JSON', `${encode('{')}.${CLAIMS}.${SIGNATURE}`],
    ['claims that are no JSON', `${HEADER}.${encode('sub=a')}.${SIGNATURE}`],
    ['claims that are not UTF-8', `${HEADER}.${Buffer.from('7b22ff223a317d', 'hex').toString('base64url')}.`],
    ['claims that are an array', `${HEADER}.${encode('[]')}.${SIGNATURE}`],
    ['claims that are null', `${HEADER}.${encode('null')}.${SIGNATURE}`],
    ['a header that is a string', `${encode('"alg"')}.${CLAIMS}.${SIGNATURE}`],
  ] as const) {
    it(`is undefined for ${why}`, () => {
      assert.equal(decodeJwt(token), undefined);
    });
  }

  it('decodes any text in its one spelling, or not at all', () => {
    const part = fc.oneof(
      fc.constantFrom(HEADER, CLAIMS, ''),
      fc.string(),
      fc.json().map(encode),
      fc.base64String(),
    );
    const token = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(token, (text) => {
        const jwt = decodeJwt(text);
        if (jwt)
          assert.equal(`${jwt.signingInput}.${Buffer.from(jwt.signature).toString('base64url')}`, text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a signed JWT', () => {
  const { signer, createSigningKey } = memoryPorts();
  const claims = { sub: 'Zoë', iat: 1_800_000_000, nested: { list: [1, null] } };
  let keys: readonly SigningKey[];

  before(async () => {
    const material = await Promise.all(ALGS.map(createSigningKey));
    keys = material.map((each) => makeSigningKey(each));
  });

  it('has a header of typ, alg and kid, and decodes to what was signed', async () => {
    for (const key of keys) {
      const jwt = decodeJwt(await signJwt('at+jwt', claims, key, signer));
      assert.ok(jwt);
      assert.deepEqual(jwt.header, { typ: 'at+jwt', alg: key.alg, kid: key.kid });
      assert.deepEqual(jwt.claims, claims);
      assert.equal(isSignedBy(jwt, key), true);
    }
  });

  it('is signed by no other key, and of its key by no other algorithm', async () => {
    for (const key of keys) {
      const jwt = decodeJwt(await signJwt('at+jwt', claims, key, signer));
      assert.ok(jwt);
      for (const other of keys) assert.equal(isSignedBy(jwt, other), other === key);
      for (const alg of ALGS.filter((other) => other !== key.alg && takeOneKey(other, key.alg)))
        assert.equal(isSignedBy(jwt, { ...key, alg }), false, `${key.alg} as ${alg}`);
    }
  });

  it('with a signature of any other length or content is signed by no key', async () => {
    for (const key of keys) {
      const jwt = decodeJwt(await signJwt('at+jwt', claims, key, signer));
      assert.ok(jwt);
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 300 }),
          (signature) => !isSignedBy({ ...jwt, signature }, key),
        ),
      );
      assert.equal(isSignedBy({ ...jwt, signature: new Uint8Array(jwt.signature.length) }, key), false);
    }
  });
});

/** Tells whether a key of the one algorithm is one of the other as well. */
function takeOneKey(one: Alg, other: Alg): boolean {
  return isDeepStrictEqual(signingAlgorithm(one).key, signingAlgorithm(other).key);
}
