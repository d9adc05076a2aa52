import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { childrenOf, dottedDecimal, readDer } from '../../../core/mutual-tls/der.ts';
import { objectIdentifier, tlv } from '../../support/certificates.ts';

describe('DER', () => {
  it('is taken apart element by element, whatever the length of each (X.690 §8.1)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0x02, 0x0c, 0x30, 0x82), fc.nat(65_535)), { maxLength: 5 }),
        (parts) => {
          const written = parts.map(([tag, length]) => tlv(tag, Buffer.alloc(length, tag)));
          const read = readDer(Buffer.concat(written));
          // Told one by one: a difference of such sizes would take more memory to show than there is.
          assert.ok(read.every(({ encoded }, n) => written[n]?.equals(encoded)));
          assert.deepEqual(
            read.map(({ tag, content }) => [tag, content.length]),
            parts,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  for (const [what, hex] of [
    ['a tag without a length', '0c'],
    ['a tag of more than one byte', '1f8101'],
    ['a length that does not end', '0c80'],
    ['a length of five bytes', '0c850000000001'],
    ['a length that is cut off', '0c8201'],
    ['content that is cut off', '0c0241'],
    ['an element with half of another behind it', '0c014130'],
  ] as const) {
    it(`is not ${what}`, () => {
      assert.deepEqual(readDer(Buffer.from(hex, 'hex')), []);
    });
  }

  it('has no elements inside where there is something else, or nothing', () => {
    const [text] = readDer(tlv(0x0c, Buffer.from('text')));
    assert.deepEqual(childrenOf(text), []);
    assert.deepEqual(childrenOf(undefined), []);
  });

  for (const dotted of ['0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1', '2.5.4.3', '2.999.1']) {
    it(`has object identifiers: ${dotted} (X.690 §8.19)`, () => {
      const [read] = readDer(objectIdentifier(dotted));
      assert.equal(read && dottedDecimal(read.content), dotted);
    });
  }

  it('tells the largest object identifiers apart', () => {
    const large = (last: string) => dottedDecimal(Buffer.from(`2a${'ff'.repeat(9)}${last}`, 'hex'));
    assert.notEqual(large('7e'), large('7f'));
  });
});
