import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { prefersToJson } from '../../http/accept.ts';

const JWT = 'application/token-introspection+jwt';

describe('prefersToJson', () => {
  for (const accept of [
    JWT,
    JWT.toUpperCase(),
    ` ${JWT} `,
    `${JWT};q=1.000`,
    `${JWT}; q=0.001`,
    `${JWT};q=0.5,`,
    `${JWT} ; charset=utf-8 ; Q=0.5`,
    `application/json, ${JWT}`,
    `${JWT}, */*`,
    `${JWT};q=0.5, application/json;q=0.4`,
    `${JWT};q=0.5, application/json;q=0, */*`,
    `${JWT};q=0.5, application/*;q=0.5, */*`,
    `${JWT};q=0, ${JWT}`,
    `${JWT}, application/json;q=2`,
    `text/html, ${JWT};q=0.1`,
  ]) {
    it(`says yes to ${accept} (RFC 9110 §12.5.1)`, () => {
      assert.equal(prefersToJson(accept, JWT), true);
    });
  }

  for (const accept of [
    undefined,
    '',
    ',',
    '*/*',
    'application/*',
    'application/json',
    'application/jwt',
    'application/token-introspection',
    `x${JWT}`,
    `${JWT}x`,
    `${JWT};q=0`,
    `${JWT};q=0.000`,
    `${JWT};q=`,
    `${JWT};q=-1`,
    `${JWT};q=1.1`,
    `${JWT};q=0.0001`,
    `${JWT};q=1e-1`,
    `${JWT};q="1"`,
    `${JWT};q=0.4, application/json;q=0.5`,
    `${JWT};q=0.9, application/json`,
    `${JWT};q=0.9, */*`,
    `${JWT};q=0.9, application/*, */*;q=0.1`,
    `text/html;${JWT}`,
    'ａpplication/token-introspection+jwt',
    '__proto__',
  ]) {
    it(`says no to ${accept ?? 'nothing'} (RFC 9110 §12.5.1)`, () => {
      assert.equal(prefersToJson(accept, JWT), false);
    });
  }

  it('says yes to nothing that does not name the type, and says something of whatever is sent', () => {
    const part = fc.constantFrom(
      ...[JWT, 'application/json', '*/*', ',', ';', 'q=', '0.5', '1', ' ', '"', '\\'],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary' }))), (parts) => {
        const accept = parts.join('');
        return !prefersToJson(accept, JWT) || accept.toLowerCase().includes(JWT);
      }),
    );
  });

  it('reads a header as long as any server lets it be in no time', () => {
    for (const text of [`${JWT},`, `${JWT};`, ';', ' ', `${JWT};q=0.1,`]) {
      const startedAt = performance.now();
      prefersToJson(text.repeat(100_000 / text.length), JWT);
      assert.ok(performance.now() - startedAt < 500, text);
    }
  });
});
