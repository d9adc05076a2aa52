import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { joseSignature } from '../../adapters/kms/ecdsa-signature.ts';

const CURVES = [
  { crv: 'P-256', digest: 'sha256', coordinateBytes: 32 },
  { crv: 'P-384', digest: 'sha384', coordinateBytes: 48 },
  { crv: 'P-521', digest: 'sha512', coordinateBytes: 66 },
] as const;

for (const { crv, digest, coordinateBytes } of CURVES) {
  describe(`a DER signature on ${crv} made JOSE's (RFC 7518 §3.4)`, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: crv });

    it('verifies as R‖S, whatever was signed', () => {
      fc.assert(
        fc.property(fc.uint8Array(), (message) => {
          const jose = joseSignature(sign(digest, message, privateKey), coordinateBytes);
          assert.equal(jose.length, 2 * coordinateBytes);
          assert.ok(verify(digest, message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, jose));
        }),
        { numRuns: 1_000 },
      );
    });

    it('pads short integers and drops the zero before those that would read as negative', () => {
      const integer = fc.bigInt({ min: 1n, max: 2n ** BigInt(8 * coordinateBytes) - 1n });
      fc.assert(
        fc.property(integer, integer, (r, s) => {
          const jose = Buffer.from(joseSignature(derSignature(r, s), coordinateBytes));
          assert.equal(toBigInt(jose.subarray(0, coordinateBytes)), r);
          assert.equal(toBigInt(jose.subarray(coordinateBytes)), s);
        }),
        { numRuns: 1_000 },
      );
    });

    it('is refused when it is cut, longer, or of another curve', () => {
      const der = sign(digest, Buffer.from('message'), privateKey);
      for (let length = 0; length < der.length; length += 1) {
        assert.throws(() => joseSignature(der.subarray(0, length), coordinateBytes), /no ECDSA signature/);
      }
      assert.throws(() => joseSignature(Buffer.concat([der, Buffer.of(0)]), coordinateBytes));
      const tooLong = derSignature(2n ** BigInt(8 * coordinateBytes), 1n);
      assert.throws(() => joseSignature(tooLong, coordinateBytes), /no ECDSA signature/);
    });
  });
}

for (const [what, length] of [
  ['longer than it has to be', [0x81, 6]],
  ['without an end', [0x80]],
  ['in two bytes', [0x82, 0, 6]],
] as const) {
  it(`a length ${what} is refused (X.690 §10.1)`, () => {
    const der = Buffer.of(0x30, ...length, 0x02, 1, 1, 0x02, 1, 1);
    assert.throws(() => joseSignature(der, 32), /no ECDSA signature/);
  });
}

it('any bytes are a DER signature or refused, never read beyond their end (RFC 3279 §2.2.3)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      try {
        assert.equal(joseSignature(bytes, 32).length, 64);
      } catch (error) {
        assert.match(String(error), /no ECDSA signature/);
      }
    }),
    { numRuns: 10_000 },
  );
});

function derSignature(r: bigint, s: bigint): Buffer {
  const integers = Buffer.concat([derInteger(r), derInteger(s)]);
  const length = integers.length < 0x80 ? [integers.length] : [0x81, integers.length];
  return Buffer.concat([Buffer.of(0x30, ...length), integers]);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const magnitude = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const content = (magnitude[0] ?? 0) < 0x80 ? magnitude : Buffer.concat([Buffer.of(0), magnitude]);
  return Buffer.concat([Buffer.of(0x02, content.length), content]);
}

function toBigInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}
