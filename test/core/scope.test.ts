import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { SCOPE_MAX_CHARACTERS, SCOPES_MAX } from '../../core/limits.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import { formatScope, parseScope, ScopesSchema } from '../../core/scope.ts';

/** scope-token = 1*( %x21 / %x23-5B / %x5D-7E ) (RFC 6749 §3.3). */
const SCOPE_TOKEN = fc.string({
  unit: fc
    .integer({ min: 0x21, max: 0x7e })
    .map((code) => String.fromCharCode(code))
    .filter((character) => !'"\\'.includes(character)),
  minLength: 1,
  maxLength: SCOPE_MAX_CHARACTERS,
});

const NOT_OF_THE_GRAMMAR = {
  code: 'invalid_scope',
  description: 'scope is a list of printable ASCII words with one space between (RFC 6749 section 3.3)',
};

describe('parseScope', () => {
  it('reads scope-tokens delimited by single spaces, each once (RFC 6749 §3.3)', () => {
    assert.deepEqual(
      [...parseScope('read write read https://api.example.com/!~')],
      ['read', 'write', 'https://api.example.com/!~'],
    );
  });

  for (const scope of [
    '',
    ' ',
    ' read',
    'read ',
    'read  write',
    'read\twrite',
    'read\nwrite',
    '"',
    '\\',
    'é',
    '\x7f',
  ]) {
    it(`refuses ${JSON.stringify(scope)}: it is not of the grammar (RFC 6749 §3.3)`, () => {
      assert.throws(() => parseScope(scope), NOT_OF_THE_GRAMMAR);
    });
  }

  it(`takes scopes of ${SCOPE_MAX_CHARACTERS} characters, ${SCOPES_MAX} of them, and no more`, () => {
    const longest = 's'.repeat(SCOPE_MAX_CHARACTERS);
    assert.deepEqual([...parseScope(longest)], [longest]);
    assert.throws(() => parseScope(`${longest}s`), NOT_OF_THE_GRAMMAR);
    const most = Array.from({ length: SCOPES_MAX }, (_, n) => `s${n}`);
    assert.deepEqual([...parseScope(most.join(' '))], most);
    assert.throws(() => parseScope([...most, 'one'].join(' ')), {
      code: 'invalid_scope',
      description: 'at most 100 scopes a request',
    });
  });

  it('reads what formatScope writes, and whatever else the grammar has', () => {
    fc.assert(
      fc.property(fc.uniqueArray(SCOPE_TOKEN, { minLength: 1, maxLength: SCOPES_MAX }), (tokens) => {
        const scope = parseScope(tokens.join(' '));
        assert.deepEqual([...scope], tokens);
        assert.equal(formatScope(scope), tokens.join(' '));
      }),
    );
  });

  it('reads any text, or refuses it as an invalid_scope', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          assert.match(
            text,
            /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
            formatScope(parseScope(text)),
          );
        } catch (error) {
          assert.ok(error instanceof OAuthError && error.code === 'invalid_scope', String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the scopes of a record', () => {
  it('are scope-tokens, each once, and may be none', () => {
    for (const scopes of [[], ['read'], ['read', 'Read']]) {
      assert.equal(v.is(ScopesSchema, scopes), true, JSON.stringify(scopes));
    }
    for (const scopes of [['read', 'read'], ['a b'], [''], 'read', Array.from({ length: 101 }, String)]) {
      assert.equal(v.is(ScopesSchema, scopes), false, JSON.stringify(scopes));
    }
  });
});
