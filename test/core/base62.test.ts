import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { base62 } from '../../core/base62.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('base62', () => {
  for (const [bytes, text] of [
    [[0], '00'],
    [[61], '0z'],
    [[62], '10'],
    [[255], '47'],
    [[0, 0, 0, 0], '000000'],
    [[255, 255, 255, 255], '4gfFC3'],
  ] as const) {
    it(`writes ${JSON.stringify(bytes)} as ${text}`, () => {
      assert.equal(base62(Uint8Array.from(bytes)), text);
    });
  }

  it('writes each number once, in letters and digits, as long for all bytes of one length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        const text = base62(bytes);
        assert.match(text, /^[0-9A-Za-z]+$/);
        assert.equal(text.length, base62(new Uint8Array(bytes.length)).length);
        const read = [...text].reduce((number, digit) => number * 62n + BigInt(DIGITS.indexOf(digit)), 0n);
        assert.equal(read.toString(16).padStart(bytes.length * 2, '0'), Buffer.from(bytes).toString('hex'));
      }),
    );
  });
});
