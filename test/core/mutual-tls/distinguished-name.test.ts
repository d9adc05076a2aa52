import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readDer } from '../../../core/mutual-tls/der.ts';
import {
  parseDistinguishedName,
  readDistinguishedName,
} from '../../../core/mutual-tls/distinguished-name.ts';
import { type Attribute, encodeName } from '../../support/certificates.ts';

const CN = '2.5.4.3';
const O = '2.5.4.10';
const C = '2.5.4.6';
const UID = '0.9.2342.19200300.100.1.1';

const read = (name: readonly (readonly Attribute[])[]) => readDistinguishedName(readDer(encodeName(name))[0]);

describe('a distinguished name', () => {
  const name: readonly (readonly Attribute[])[] = [
    [[C, 'DE']],
    [[O, 'Ex, "Ö"']],
    [
      [CN, 'a+b'],
      [UID, 'x'],
    ],
  ];

  for (const [what, text] of [
    ['as RFC 4514 writes it, the last part first', 'CN=a\\+b+UID=x,O=Ex\\, \\"Ö\\",C=DE'],
    ['with types in any case', 'cn=a\\+b+Uid=x,o=Ex\\, \\"Ö\\",c=DE'],
    ['with types in numbers', `${CN}=a\\+b+${UID}=x,${O}=Ex\\, \\"Ö\\",${C}=DE`],
    ['with bytes in hexadecimal', 'CN=a\\2Bb+UID=\\78,O=Ex\\2c \\22\\c3\\96\\22,C=DE'],
    ['with the attributes of a part in another order', 'UID=x+CN=a\\+b,O=Ex\\, \\"Ö\\",C=DE'],
    [
      'with spaces before types, as RFC 2253 had it',
      'CN=a\\+b + UID=x, O=Ex\\, \\"Ö\\", C=DE'.replace(' + ', '+ '),
    ],
    ['with values in BER', 'CN=#0c03612b62+UID=#130178,O=Ex\\, \\"Ö\\",C=#13024445'],
  ] as const) {
    it(`is the same ${what} (RFC 4514 §2, §3)`, () => {
      assert.equal(parseDistinguishedName(text), read(name));
    });
  }

  for (const [what, text] of [
    ['with its parts in another order', 'C=DE,O=Ex\\, \\"Ö\\",CN=a\\+b+UID=x'],
    ['without a part', 'CN=a\\+b+UID=x,C=DE'],
    ['without an attribute of a part', 'CN=a\\+b,O=Ex\\, \\"Ö\\",C=DE'],
    ['with a part more', 'CN=a\\+b+UID=x,O=Ex\\, \\"Ö\\",C=DE,DC=example'],
    ['with two parts for two attributes of one', 'CN=a\\+b,UID=x,O=Ex\\, \\"Ö\\",C=DE'],
    ['with a value in another case', 'CN=A\\+B+UID=x,O=Ex\\, \\"Ö\\",C=DE'],
    ['with a value of another type', 'CN=a\\+b+UID=x,OU=Ex\\, \\"Ö\\",C=DE'],
  ] as const) {
    it(`is another ${what}`, () => {
      const other = parseDistinguishedName(text);
      assert.ok(other);
      assert.notEqual(other, read(name));
    });
  }

  for (const text of [
    '',
    'CN',
    '=a',
    'CN=a,',
    'CN=a+',
    'CN=a,,C=DE',
    'CN= a',
    'CN=a ',
    'CN=a;C=DE',
    'CN="a"',
    'CN=a<b',
    'CN=a\0',
    'CN=a\\',
    'CN=a\\x',
    'CN=\\c3',
    'CN=#',
    'CN=#0',
    'CN=#0c',
    'CN=#0c01410c0141',
    'CN=#0c0141a',
    'nickname=a',
    '2=a',
    '2.05.4.3=a',
  ]) {
    it(`is not ${JSON.stringify(text)} (RFC 4514 §3)`, () => {
      assert.equal(parseDistinguishedName(text), undefined);
    });
  }

  it('may have an empty value, and spaces inside of one', () => {
    assert.equal(parseDistinguishedName('CN=,O=a  b'), read([[[O, 'a  b']], [[CN, '']]]));
    assert.equal(parseDistinguishedName('CN=\\ a\\ '), read([[[CN, ' a ']]]));
    assert.equal(parseDistinguishedName('CN=\\#41'), read([[[CN, '#41']]]));
  });

  it('says the same in each type of text (RFC 5280 §4.1.2.4)', () => {
    const utf8 = read([[[CN, 'abc']]]);
    for (const tag of [0x13, 0x16]) assert.equal(read([[[CN, 'abc', tag]]]), utf8);
    assert.equal(read([[[CN, Buffer.from('006100620063', 'hex'), 0x1e]]]), utf8);
  });

  it('compares by their bytes the values that are no text', () => {
    for (const [value, tag] of [
      [Buffer.from('abc'), 0x14],
      [Buffer.from([0xff]), 0x0c],
      [Buffer.from([0, 0x61, 0]), 0x1e],
    ] as const) {
      const hex = Buffer.concat([Buffer.from([tag, value.length]), value]).toString('hex');
      assert.equal(read([[[CN, value, tag]]]), parseDistinguishedName(`CN=#${hex}`));
      assert.notEqual(read([[[CN, value, tag]]]), parseDistinguishedName(`CN=\\#${hex}`));
    }
  });

  it('that is broken in a certificate equals no text', () => {
    for (const hex of ['3006310430020c00', '300431023000']) {
      assert.equal(readDistinguishedName(readDer(Buffer.from(hex, 'hex'))[0]), '[[""]]');
    }
    assert.equal(readDistinguishedName(undefined), '[]');
  });

  it('is read from the text that was written of it, whatever it says', () => {
    const attribute = fc.tuple(fc.constantFrom(CN, O, C, UID), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(
        fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        (parts) => {
          const text = parts
            .toReversed()
            .map((part) => part.map(([type, value]) => `${type}=${escaped(value)}`).join('+'));
          assert.equal(parseDistinguishedName(text.join(',')), read(parts));
        },
      ),
    );
  });

  it('is the same for two texts only when they say the same', () => {
    const value = fc.string({
      unit: fc.constantFrom('a', 'A', ' ', ',', '+', '=', '"', '#', '\\', '[', ']'),
    });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const names = [one, other].map((text) => parseDistinguishedName(`CN=${escaped(text)}`));
        assert.equal(names[0] === names[1], one === other);
      }),
    );
  });

  it('is read or refused, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parseDistinguishedName(`CN=${text}`)),
    );
  });
});

/** Escapes each byte. */
function escaped(value: string): string {
  return Buffer.from(value).toString('hex').replaceAll(/../g, '\\$&');
}
