import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import {
  AdditionalClaimsSchema,
  additionalClaims,
  RESERVED_CLAIMS,
} from '../../../core/access-token/additional-claims.ts';
import { issueAccessToken } from '../../../core/access-token/issue-access-token.ts';
import { readAccessToken } from '../../../core/access-token/read-access-token.ts';
import type { Authorization } from '../../../core/grants/grant.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import type { KeySet } from '../../../core/jose/signing-key.ts';
import { makeClient, makeResource, scopes } from '../../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const OTHER = 'https://other.example.com';

/** What the schema says of claims; undefined when it takes them. */
function faultOf(claims: unknown): string | undefined {
  return v.safeParse(AdditionalClaimsSchema, claims).issues?.[0].message;
}

/** Arrays, one in the other. */
function nested(levels: number): unknown {
  return levels === 0 ? 'deep' : [nested(levels - 1)];
}

describe('claims of an operator’s', () => {
  for (const claims of [
    {},
    { tenant: 'acme', 'https://example.com/tier': 3, active_since: null, beta: true },
    { address: { sub: 'nested names are free', list: [1, -0.5, 1e-100, 9_007_199_254_740_991] } },
    { deep: nested(4) },
    { 'Zoë’s “claim” 🔑': '\0\n"\\' },
    Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`claim-${n}`, n])),
    { long: 'x'.repeat(2_048 - '{"long":""}'.length) },
    Object.assign(Object.create(null), { tenant: 'acme' }),
  ]) {
    it(`may be ${JSON.stringify(claims).slice(0, 60)}`, () => assert.equal(faultOf(claims), undefined));
  }

  for (const claims of [null, undefined, 'tenant', 7, true, ['tenant'], new Map(), new Date(0)]) {
    it(`are not ${Object.prototype.toString.call(claims)}: a JSON object they are`, () => {
      assert.equal(faultOf(claims), 'claims are a JSON object');
    });
  }

  for (const name of RESERVED_CLAIMS) {
    it(`do not have the reserved ${name}`, () => {
      assert.equal(faultOf({ tenant: 'acme', [name]: 'x' }), `the claim ${name} is reserved`);
    });
  }

  for (const name of ['__proto__', 'constructor', 'prototype']) {
    it(`do not have the name ${name}, on any level`, () => {
      for (const json of [`{"${name}":{"active":true}}`, `{"a":[{"b":{"${name}":null}}]}`]) {
        assert.equal(faultOf(JSON.parse(json)), `a claim cannot have the name ${name}`);
      }
    });
  }

  const [many, deep] = ['at most 50 claims', 'claims are at most 5 levels deep'];
  const number = 'a number in claims is one that every reader reads alike: write it as a string';
  for (const [claims, sentence] of [
    [Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`claim-${n}`, n])), many],
    [{ deep: nested(5) }, deep],
    [{ deep: nested(2_000) }, deep],
    [{ long: 'x'.repeat(2_049 - '{"long":""}'.length) }, 'claims have at most 2048 bytes of JSON'],
    [{ long: 'é'.repeat(1_024) }, 'claims have at most 2048 bytes of JSON'],
    [{ '': 1 }, 'a claim has a name that is empty'],
    [{ a: '\ud800' }, 'claims are whole Unicode characters'],
    [{ '\ud800': 1 }, 'claims are whole Unicode characters'],
    [{ a: 9_007_199_254_740_992 }, number],
    [{ a: 1e-101 }, number],
    [{ a: Number.NaN }, number],
    [{ a: undefined }, 'claims are what JSON can say'],
    [{ a: new Date(0) }, 'claims are what JSON can say'],
  ] as const) {
    it(`are refused in a sentence: ${sentence}`, () => assert.equal(faultOf(claims), sentence));
  }
});

describe('additionalClaims', () => {
  it('are those of the resource and of the client, whose counts where both have one', () => {
    const resource = makeResource(RESOURCE, { claims: { tier: 'silver', region: 'eu' } });
    const client = makeClient('backend', { claims: { tier: 'gold', tenant: 'acme' } });
    const claims = { tier: 'gold', region: 'eu', tenant: 'acme' };
    assert.deepEqual(additionalClaims(client, [resource]), claims);
    assert.deepEqual(additionalClaims(makeClient('other'), [makeResource(OTHER)]), {});
  });

  it('are the roles and groups that the client has at this resource, and no others (RFC 9068 §2.2.3.1)', () => {
    const client = makeClient('backend', {
      roles: [
        { resource: OTHER, values: ['admin'] },
        { resource: RESOURCE, values: ['clerk', 'auditor'] },
      ],
      groups: [
        { resource: RESOURCE, values: [] },
        { resource: OTHER, values: ['eu'] },
      ],
    });
    assert.deepEqual(additionalClaims(client, [makeResource(RESOURCE)]), { roles: ['clerk', 'auditor'] });
    const elsewhere = { roles: ['admin'], groups: ['eu'] };
    assert.deepEqual(additionalClaims(client, [makeResource(OTHER)]), elsewhere);
  });

  it('are, at several resources, the roles and groups that the client has at each', () => {
    const client = makeClient('backend', {
      roles: [
        { resource: RESOURCE, values: ['clerk', 'admin', 'auditor'] },
        { resource: OTHER, values: ['auditor', 'clerk'] },
      ],
      groups: [{ resource: RESOURCE, values: ['eu'] }],
    });
    const several = [makeResource(RESOURCE), makeResource(OTHER)] as const;
    assert.deepEqual(additionalClaims(client, several), { roles: ['clerk', 'auditor'] });
  });
});

describe('a token with claims of an operator’s', () => {
  let issuer: TestIssuer;
  let keySet: KeySet;
  before(async () => {
    issuer = await createTestIssuer();
    keySet = await issuer.signingKeys.load();
  });

  const issue = (client: object, resource: object = {}, ...scope: readonly string[]) => {
    const authorization: Authorization = {
      client: makeClient('backend', client),
      resources: [makeResource(RESOURCE, resource)],
      scope: new Set(scopes(...scope)),
    };
    return issueAccessToken(authorization, keySet, issuer);
  };

  it('names the subject of the client (RFC 9068 §2.2)', async () => {
    const { claims } = await issue({ subject: 'accounts/shop' });
    assert.deepEqual([claims.sub, claims.client_id], ['accounts/shop', 'backend']);
  });

  it('has any JSON object as it was given, or it was refused; and no claim of Signet’s changes by it', async () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', ...RESERVED_CLAIMS));
    const objects = fc.dictionary(name, fc.jsonValue({ maxDepth: 6 }), { noNullPrototype: true });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(objects, fc.jsonValue()), fc.boolean(), async (given, ofClient) => {
        const sentence = faultOf(given);
        if (sentence !== undefined) {
          assert.match(sentence, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
          return;
        }
        taken += 1;
        const record = { claims: given };
        const { access_token } = await (ofClient ? issue(record, {}, 'read') : issue({}, record, 'read'));
        const { iss, sub, aud, exp, iat, jti, client_id, scope, ...others } =
          decodeJwt(access_token)?.claims ?? {};
        assert.deepEqual([iss, sub, aud, client_id], [issuer.identifier, 'backend', RESOURCE, 'backend']);
        assert.deepEqual([exp, iat, scope], [issuer.time.now + 3_600, issuer.time.now, 'read']);
        assert.match(String(jti), /^[\w-]{22}$/);
        assert.deepEqual(others, JSON.parse(JSON.stringify(given)));
        assert.deepEqual(readAccessToken(access_token, keySet, issuer), decodeJwt(access_token)?.claims);
      }),
      { numRuns: 1_000 },
    );
    assert.ok(taken > 50, 'enough of them are good');
  });

  it('is short enough to be read with as much in it as there can be', async () => {
    const filled = (name: string) => ({ [name]: 'x'.repeat(2_048 - `{"${name}":""}`.length) });
    const text = (length: number, n: number) => String(n).padEnd(length, 'x');
    const scope = Array.from({ length: 100 }, (_, n) => text(128, n));
    const identifiers = Array.from({ length: 5 }, (_, n) => `urn:${text(508, n)}`);
    const values = Array.from({ length: 20 }, (_, n) => text(64, n));
    const held = identifiers.map((resource) => ({ resource, values }));
    const [first = '', ...others] = identifiers;
    const resource = (identifier: string) => makeResource(identifier, { claims: filled('b') });
    const details = [{ type: 'payment', text: 'x'.repeat(2_048 - '[{"type":"payment","text":""}]'.length) }];
    const full = {
      client: makeClient('c'.repeat(255), {
        ...{ subject: 's'.repeat(255), claims: filled('a'), roles: held, groups: held },
      }),
      resources: [resource(first), ...others.map(resource)],
      scope: new Set(scopes(...scope)),
      authorization_details: details,
      claims: filled('c'),
    } as const;
    const { access_token, claims } = await issueAccessToken(full, keySet, issuer);
    assert.equal(Object.keys(claims).length, 14);
    // A signature of ML-DSA-87 is longer than this one.
    assert.ok(access_token.length + 6_200 <= 45_056, String(access_token.length));
    assert.deepEqual(readAccessToken(access_token, keySet, issuer), claims);
  });

  it('has Signet’s claims also where a record has others by a mistake that no schema caught', async () => {
    const authorization: Authorization = {
      client: {
        ...makeClient('backend'),
        claims: { iss: 'x', sub: 'x', aud: 'x', exp: 0, jti: 'x', client_id: 'x' },
      },
      resources: [{ ...makeResource(RESOURCE), claims: { iat: 0, iss: 'y' } }],
      scope: new Set(scopes('read')),
    };
    const { claims } = await issueAccessToken(authorization, keySet, issuer);
    const { claims: plain } = await issue({}, {}, 'read');
    assert.deepEqual(claims, { ...plain, jti: claims.jti });
    assert.notEqual(claims.jti, 'x');
  });
});
