import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeFormComponent, parseForm } from '../../core/form.ts';
import { FORM_PARAMETERS_MAX } from '../../core/limits.ts';
import { OAuthError } from '../../core/oauth-error.ts';

/** Text that is mostly of the characters that mean something in a form. */
const FORM_LIKE = fc.string({
  unit: fc.oneof(fc.constantFrom('&', '=', '+', '%', '0', 'a', 'F', '%00', '%41', '%C3', '%A9'), fc.string()),
});

/** Names and values as a caller may have them: any text but NUL and nothing at all. */
const TEXT = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0'));

describe('parseForm', () => {
  it('reads + and %20 as a space, and percent-encoded UTF-8 (RFC 6749 Appendix B)', () => {
    const parameters = parseForm('scope=read+write%20all&client_id=Zo%C3%AB&client_id_2=%25+%2B');
    assert.equal(parameters.get('scope'), 'read write all');
    assert.equal(parameters.get('client_id'), 'Zoë');
    assert.equal(parameters.get('client_id_2'), '% +');
  });

  it('decodes names too, and splits a pair at its first =', () => {
    const parameters = parseForm('client%5Fid=a=b=c');
    assert.equal(parameters.get('client_id'), 'a=b=c');
  });

  it('treats parameters without a value as omitted (RFC 6749 §3.2)', () => {
    for (const body of ['', '&&', 'scope', 'scope=', 'scope=&scope', '=value', 'scope&scope=&=']) {
      assert.equal(parseForm(body).get('scope'), undefined, body);
    }
    assert.equal(parseForm('scope=&scope=read&scope').get('scope'), 'read');
  });

  it('has no parameter that was not sent, whatever its name means to JavaScript', () => {
    const parameters = parseForm('grant_type=client_credentials');
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      assert.equal(parameters.get(name), undefined, name);
      assert.deepEqual(parameters.getAll(name), [], name);
    }
    assert.equal(parseForm('__proto__=a&constructor=b').get('__proto__'), 'a');
  });

  it('refuses a parameter that stands twice, whatever its spelling (RFC 6749 §3.2)', () => {
    for (const body of ['scope=a&scope=a', 'scope=a&grant_type=b&scope=c', 'scope=a&%73cope=b']) {
      assert.throws(() => parseForm(body), {
        code: 'invalid_request',
        description: 'a parameter stands in the body more than once (RFC 6749 section 3.2)',
      });
    }
  });

  it('lets resource and audience repeat, in order (RFC 8707 §2)', () => {
    const parameters = parseForm('resource=b&audience=x&resource=a&audience=&audience=y&resource=b');
    assert.deepEqual(parameters.getAll('resource'), ['b', 'a', 'b']);
    assert.deepEqual(parameters.getAll('audience'), ['x', 'y']);
  });

  for (const broken of ['%', '%4', '%zz', '%E9', '%C3%28', '%ED%A0%80', '%F8%88%80%80%80', '%FF', '%C0%80']) {
    it(`refuses ${broken} in a name and in a value: it is not percent-encoded UTF-8`, () => {
      for (const body of [`scope=${broken}`, `${broken}=scope`, `a=b&scope=c${broken}z`]) {
        assert.throws(() => parseForm(body), {
          code: 'invalid_request',
          description: 'the body has broken percent-encoding or is not UTF-8 (RFC 6749 Appendix B)',
        });
      }
    });
  }

  it('refuses NUL, encoded or not', () => {
    for (const body of ['scope=a%00b', 'scope=a\0b', 'a%00=b', 'a=%00']) {
      assert.throws(() => parseForm(body), {
        code: 'invalid_request',
        description: 'the body has a NUL byte',
      });
    }
  });

  it(`takes ${FORM_PARAMETERS_MAX} parameters and no more`, () => {
    const parameters = Array.from({ length: FORM_PARAMETERS_MAX }, (_, n) => `p${n}=${n}`);
    assert.equal(parseForm(parameters.join('&')).get('p63'), '63');
    assert.throws(() => parseForm([...parameters, ''].join('&')), {
      code: 'invalid_request',
      description: 'the body has more than 64 parameters',
    });
  });

  it('reads any text, or refuses it as an invalid_request', () => {
    fc.assert(
      fc.property(fc.oneof(FORM_LIKE, fc.string({ unit: 'binary' })), (body) => {
        try {
          parseForm(body);
        } catch (error) {
          assert.ok(error instanceof OAuthError && error.code === 'invalid_request', String(error));
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('reads whatever URLSearchParams writes, the same', () => {
    const pairs = fc.uniqueArray(fc.tuple(TEXT, TEXT), {
      selector: ([name]) => name,
      maxLength: FORM_PARAMETERS_MAX,
    });
    fc.assert(
      fc.property(pairs, (sent) => {
        const parameters = parseForm(new URLSearchParams(sent).toString());
        for (const [name, value] of sent) assert.deepEqual(parameters.getAll(name), [value]);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('decodeFormComponent', () => {
  it('is undefined for broken encoding, and leaves text that is not encoded as it is', () => {
    assert.equal(decodeFormComponent('%zz'), undefined);
    assert.equal(decodeFormComponent('plain~text'), 'plain~text');
    assert.equal(decodeFormComponent('a+b%2B'), 'a b+');
  });
});
