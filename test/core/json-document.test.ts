import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseJsonDocument } from '../../core/json-document.ts';

const deep = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

describe('a JSON document', () => {
  for (const [text, value] of [
    ['{}', {}],
    [' { "a" : [ 1, "b:", {"a":"a"} ], "b" : "\\"a\\":" } ', { a: [1, 'b:', { a: 'a' }], b: '"a":' }],
    [
      '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}',
      { a: { x: 1 }, b: { x: 1 }, c: [{ x: 1 }, { x: 1 }] },
    ],
    ['{"\\u0061\\\\":"{[}"}', { 'a\\': '{[}' }],
    ['{"a":"__proto__","b":"constructor"}', { a: '__proto__', b: 'constructor' }],
    ['{"name":"Zoë’s \\ud83d\\ude00 😀"}', { name: 'Zoë’s 😀 😀' }],
    [deep(8), JSON.parse(deep(8))],
  ] as const) {
    it(`is read: ${text}`, () => assert.deepEqual(parseJsonDocument(text), value));
  }

  for (const [what, text, description] of [
    ['nothing', '', 'the body is no JSON (RFC 8259)'],
    ['half of one', '{"a":', 'the body is no JSON (RFC 8259)'],
    ['two', '{}{}', 'the body is no JSON (RFC 8259)'],
    ['a byte order mark', '\ufeff{}', 'the body is no JSON (RFC 8259)'],
    ['a comment', '{/**/}', 'the body is no JSON (RFC 8259)'],
    ['a form', 'client_name=a', 'the body is no JSON (RFC 8259)'],
    ['NaN', '{"a":NaN}', 'the body is no JSON (RFC 8259)'],
    ['an array', '[{}]', 'the body is no JSON object'],
    ['null', 'null', 'the body is no JSON object'],
    ['a string', '"a"', 'the body is no JSON object'],
    ['a number', '1', 'the body is no JSON object'],
    ['a member twice', '{"a":1,"a":1}', 'a member stands in the body more than once'],
    [
      'a member twice by an escape',
      '{"scope":"a","sc\\u006fpe":"b"}',
      'a member stands in the body more than once',
    ],
    [
      'a member twice further in',
      '{"b":[{"a":1,"c":{},"a" : 1}]}',
      'a member stands in the body more than once',
    ],
    ['__proto__', '{"__proto__":{"a":1}}', 'a member of the body has a name that is none'],
    ['__proto__ by an escape', '{"__pr\\u006fto__":1}', 'a member of the body has a name that is none'],
    ['constructor', '{"a":{"constructor":1}}', 'a member of the body has a name that is none'],
    ['prototype', '{"a":[{"prototype":1}]}', 'a member of the body has a name that is none'],
    ['half a character', '{"a":"\\ud800"}', 'the body has half a Unicode character'],
    ['half a character in a name', '{"\\udc00":1}', 'the body has half a Unicode character'],
    ['nine levels', deep(9), 'the body is more than 8 levels deep'],
    [
      '30,000 arrays',
      `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      'the body is more than 8 levels deep',
    ],
  ] as const) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => parseJsonDocument(text), {
        code: 'invalid_request',
        description,
        cause: undefined,
      });
    });
  }

  it('is read as JSON.parse reads it, or refused', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
    fc.assert(
      fc.property(value, fc.nat(3), (document, indent) => {
        const text = JSON.stringify(document, undefined, indent);
        const isSafe = !/"(__proto__|constructor|prototype)":/.test(text) && !/\\ud[89a-f]/.test(text);
        if (isSafe) assert.deepEqual(parseJsonDocument(text), JSON.parse(text));
      }),
    );
  });

  it('is refused as such, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          assert.equal(typeof parseJsonDocument(text), 'object');
        } catch (error) {
          assert.equal(Object(error).code, 'invalid_request');
        }
      }),
    );
  });
});
