import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import {
  AccessTokenClaimsSchema,
  isAccessTokenClaims,
} from '../../../core/access-token/access-token-claims.ts';

const GOOD = {
  iss: 'https://auth.example.com',
  exp: 1_800_003_600,
  aud: 'https://api.example.com',
  sub: 'backend',
  client_id: 'backend',
  iat: 1_800_000_000,
  jti: 'a',
};
const SOMETIMES = {
  scope: 'read',
  cnf: { jkt: 'a' },
  act: { sub: 'a' },
  may_act: { sub: 'a' },
  authorization_details: [{ type: 'payment' }],
  tenant: 'a',
};

describe('isAccessTokenClaims', () => {
  it('takes the claims of a token, whatever they are besides those that it has to have (RFC 9068 §2.2)', () => {
    assert.ok(isAccessTokenClaims(GOOD));
    for (const [name, value] of Object.entries(SOMETIMES))
      assert.ok(isAccessTokenClaims({ ...GOOD, [name]: value }), name);
    assert.ok(isAccessTokenClaims({ ...GOOD, aud: [GOOD.aud, 'urn:mail'] }));
  });

  for (const name of Object.keys(GOOD)) {
    it(`does not take them without ${name} (RFC 9068 §2.2)`, () => {
      const { [name as keyof typeof GOOD]: _, ...others } = GOOD;
      assert.ok(!isAccessTokenClaims(others));
    });
  }

  it('says of any claims what the schema says', () => {
    const name = fc.constantFrom(...Object.keys({ ...GOOD, ...SOMETIMES }));
    const value = fc.oneof(
      fc.jsonValue(),
      fc.webUrl(),
      fc.constantFrom(...Object.values({ ...GOOD, ...SOMETIMES }), 'a#b', 'é', ['urn:a', 'urn:b'], null),
    );
    const others = fc.array(fc.tuple(name, value), { maxLength: 3 }).map(Object.fromEntries);
    fc.assert(
      fc.property(others, fc.option(name), (changed, left) => {
        const { [left ?? '']: _, ...claims } = { ...GOOD, ...changed };
        assert.equal(isAccessTokenClaims(claims), v.is(AccessTokenClaimsSchema, claims));
      }),
      { numRuns: 5_000 },
    );
  });
});
