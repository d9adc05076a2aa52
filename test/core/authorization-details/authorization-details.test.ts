import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { parseForm } from '../../../core/form.ts';
import { clientCredentials } from '../../../core/grants/client-credentials.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { updateClient } from '../../../core/management/clients.ts';
import { updateResource } from '../../../core/management/resources.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import type { Resources } from '../../../core/resource.ts';
import { requestToken } from '../../../core/token-endpoint.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { makeClient, makeResource, resourceIdentifier } from '../../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const OTHER = 'https://other.example.com';
const THIRD = 'https://third.example.com';

const payment = {
  type: 'object',
  properties: {
    amount: { type: 'number', minimum: 0 },
    note: { type: 'string' },
    list: { type: 'array', items: { type: 'number' } },
  },
  required: ['amount'],
  additionalProperties: false,
};
const account = { type: 'object', properties: { iban: { type: 'string' } }, additionalProperties: false };
const strict = { ...payment, properties: { amount: { type: 'integer', minimum: 0, maximum: 10 } } };

const resource = makeResource(RESOURCE, {
  authorization_details_types: [
    { type: 'payment', schema: payment },
    { type: 'account', schema: account },
    { type: 'internal', schema: account },
  ],
});
const other = makeResource(OTHER, { authorization_details_types: [{ type: 'payment', schema: strict }] });
const third = makeResource(THIRD);
const client = makeClient('backend', {
  resources: [RESOURCE, OTHER, THIRD].map((each) => ({ resource: each, scope: [] })),
  authorization_details_types: [
    { resource: OTHER, values: ['payment', 'dropped'] },
    { resource: RESOURCE, values: ['payment', 'account', 'dropped'] },
    { resource: THIRD, values: ['payment'] },
  ],
});

const grant = (details: unknown, resources: Resources = [resource], of = client) => {
  const text = typeof details === 'string' ? details : JSON.stringify(details);
  const form = new URLSearchParams({ authorization_details: text }).toString();
  return clientCredentials.authorize(of, resources, parseForm(form)).authorization_details;
};
const refused = (fault: string) => ({
  code: 'invalid_authorization_details',
  status: 400,
  description: `authorization_details: ${fault}`,
});

describe('authorization_details', () => {
  for (const [what, details, resources] of [
    ['one of a type', [{ type: 'payment', amount: 3.5 }]],
    [
      'several of one type and of others',
      [{ type: 'payment', amount: 1 }, { type: 'payment', amount: 1 }, { type: 'account' }],
    ],
    ['ten', Array.from({ length: 10 }, () => ({ type: 'account' }))],
    ['with the resource as location', [{ type: 'payment', locations: [RESOURCE], amount: 3.5 }]],
    ['with a location twice', [{ type: 'account', locations: [RESOURCE, RESOURCE] }]],
    ['of a type that one of two resources has', [{ type: 'account', iban: 'DE' }], [resource, other]],
    ['of a type that both have, fit for both', [{ type: 'payment', amount: 3 }], [resource, other]],
    [
      'fit for the one of two that is their location',
      [{ type: 'payment', amount: 3.5, locations: [RESOURCE] }],
      [resource, other],
    ],
    [
      'for both locations',
      [{ type: 'payment', amount: 3, locations: [OTHER, RESOURCE] }],
      [resource, other, third],
    ],
  ] as const) {
    it(`are granted as they are: ${what} (RFC 9396 §2, §7)`, () => {
      assert.deepEqual(grant(details, resources), details);
    });
  }

  it('are not granted when none are asked for', () => {
    for (const form of ['', 'authorization_details=', 'Authorization_Details=x']) {
      const authorization = clientCredentials.authorize(client, [resource], parseForm(form));
      assert.equal('authorization_details' in authorization, false);
    }
  });

  const [shape, alike] = [
    'it is a JSON array of 1 to 10 objects in at most 2048 bytes',
    'it is at most 7 levels deep, and of names, texts and numbers that every reader reads alike',
  ];
  const [unknown, nowhere] = [
    '0.type is none that the client may use there',
    '0.locations is not a list of resources that the token is for',
  ];
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  for (const [what, details, fault, resources] of [
    ['no JSON', '[{', shape],
    ['no JSON but a type', 'payment', shape],
    ['JSON with a comment', '[{"type":"account"}/**/]', shape],
    ['a byte order mark before it', '\ufeff[{"type":"account"}]', shape],
    ['an object', { type: 'account' }, shape],
    ['text', '"account"', shape],
    ['null', 'null', shape],
    ['nothing in it', [], shape],
    ['too many', Array.from({ length: 11 }, () => ({ type: 'account' })), shape],
    ['too long', [{ type: 'account', iban: 'x'.repeat(2_048) }], shape],
    ['too many bytes', [{ type: 'account', iban: 'é'.repeat(1_020) }], shape],
    [
      'numbers that are longer when written',
      `[{"type":"payment","amount":1,"list":[${'9e15,'.repeat(300)}1]}]`,
      shape,
    ],
    ['too deep', [{ type: 'account', iban: deep(6) }], alike],
    ['far too deep', `${'['.repeat(1_000)}${']'.repeat(1_000)}`, alike],
    ['half a character', '[{"type":"account","iban":"\\ud800"}]', alike],
    ['the name __proto__', '[{"type":"account","__proto__":{"iban":"DE"}}]', alike],
    ['the name constructor', '[{"type":"account","constructor":1}]', alike],
    ['a number too large for some', '[{"type":"payment","amount":1e300}]', alike],
    ['a number too small for some', '[{"type":"payment","amount":1e-300}]', alike],
    ['an array of arrays', [[]], '0 is not an object'],
    ['null among them', [{ type: 'account' }, null], '1 is not an object'],
    ['no type', [{ amount: 1 }], '0.type is missing or not a string'],
    ['a type that is no string', [{ type: ['account'] }], '0.type is missing or not a string'],
    ['an unknown type', [{ type: 'nothing' }], unknown],
    ['the type of an object', [{ type: 'toString' }], unknown],
    ['a type in other letters', [{ type: 'Account' }], unknown],
    ['a type with a space', [{ type: 'account ' }], unknown],
    ['a type that looks alike', [{ type: 'аccount' }], unknown],
    ['a type that the client may not use', [{ type: 'internal' }], unknown],
    ['a type that the resource dropped', [{ type: 'dropped' }], unknown],
    ['the type of a resource that the token is not for', [{ type: 'account' }], unknown, [other]],
    ['a type of a resource that has none', [{ type: 'payment', amount: 1 }], unknown, [third]],
    ['another type at the end', '[{"type":"account","type":"internal"}]', unknown],
    [
      'a bad one behind a good one',
      [{ type: 'account' }, { type: 'internal' }],
      '1.type is none that the client may use there',
    ],
    ['a field too many', [{ type: 'account', admin: true }], '0 has a field that its type does not have'],
    ['a field missing', [{ type: 'payment' }], '0.amount is missing'],
    ['a field of another type', [{ type: 'payment', amount: '1' }], '0.amount is not a number'],
    ['a value out of bounds', [{ type: 'payment', amount: -1 }], '0.amount is less than 0'],
    [
      'the fields of another type',
      [{ type: 'account', amount: 1 }],
      '0 has a field that its type does not have',
    ],
    ['another location', [{ type: 'account', locations: [OTHER] }], nowhere],
    ['another location beside', [{ type: 'account', locations: [RESOURCE, OTHER] }], nowhere],
    ['a location with a slash', [{ type: 'account', locations: [`${RESOURCE}/`] }], nowhere],
    ['no location in the list', [{ type: 'account', locations: [] }], nowhere],
    ['a location that is no list', [{ type: 'account', locations: RESOURCE }], nowhere],
    ['a location that is null', [{ type: 'account', locations: null }], nowhere],
    ['a location that is no string', [{ type: 'account', locations: [RESOURCE, 7] }], nowhere],
    [
      'a location of another type',
      [{ type: 'account', locations: [RESOURCE, OTHER] }],
      unknown,
      [resource, other],
    ],
    [
      'unfit for one of two',
      [{ type: 'payment', amount: 3.5 }],
      '0.amount is not an integer',
      [resource, other],
    ],
    [
      'unfit for one of two locations',
      [{ type: 'payment', amount: 11, locations: [RESOURCE, OTHER] }],
      '0.amount is more than 10',
      [resource, other],
    ],
  ] as const) {
    it(`are refused: ${what} (RFC 9396 §5)`, () => {
      assert.throws(() => grant(details, resources), refused(fault));
    });
  }

  it('are refused where the client may use their type at one alone of the resources that know it (RFC 9396 §5)', () => {
    const members = { authorization_details_types: [{ resource: RESOURCE, values: ['payment'] }] };
    const atOne = makeClient('backend', members);
    const details = [{ type: 'payment', amount: 1 }];
    assert.throws(() => grant(details, [resource, other], atOne), refused(unknown));
    assert.deepEqual(grant(details, [resource], atOne), details);
    assert.throws(() => grant(details, [resource], makeClient('other')), refused(unknown));
  });

  it('may not stand twice in a request (RFC 6749 §3.2)', () => {
    const twice = 'authorization_details=%5B%5D&authorization_details=%5B%5D';
    assert.throws(() => parseForm(twice), { code: 'invalid_request' });
  });

  it('are, whatever is sent, granted as a good one or refused in a sentence, and never another error', () => {
    const member = fc.oneof(fc.constantFrom('amount', 'iban', 'note', 'locations', '__proto__'), fc.string());
    const one = fc
      .tuple(fc.constantFrom('payment', 'account', 'internal', 'x'), fc.dictionary(member, fc.jsonValue()))
      .map(([type, members]) => ({ ...members, type }));
    const good = fc.oneof(
      fc.record({ type: fc.constant('payment'), amount: fc.integer({ min: -1 }) }),
      fc.record({ type: fc.constant('account'), iban: fc.string({ unit: 'grapheme' }) }),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.array(one, { maxLength: 3 }).map((value) => JSON.stringify(value)),
      fc.array(good, { maxLength: 3 }).map((value) => JSON.stringify(value)),
    );
    let granted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const details = grant(text);
          assert.deepEqual(details, JSON.parse(text));
          for (const { type } of details ?? []) assert.ok(type === 'payment' || type === 'account');
          granted += 1;
        } catch (error) {
          assert.ok(error instanceof OAuthError);
          assert.equal(error.code, 'invalid_authorization_details');
          assert.match(error.description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
        }
      }),
      { numRuns: 1_000 },
    );
    assert.ok(granted > 50, 'enough of them are good');
  });
});

describe('a token with authorization details', () => {
  const details = [{ type: 'payment', amount: 3.5 }, { type: 'account' }];
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await createTestIssuer();
    const types = resource.authorization_details_types?.slice(0, 2);
    await updateResource(resourceIdentifier(RESOURCE), { authorization_details_types: types }, issuer);
    const allowed = [{ resource: RESOURCE, values: ['payment', 'account'] }];
    await updateClient(issuer.client.client_id, { authorization_details_types: allowed }, issuer);
  });
  const ask = (record: RequestRecord = {}) => {
    const form = { grant_type: 'client_credentials', authorization_details: JSON.stringify(details) };
    return requestToken(oauthRequest(basic('backend', issuer.client_secret), form), issuer, record);
  };

  it('says them, as the answer does (RFC 9396 §7, §9.1); the log has their types alone', async () => {
    const record: RequestRecord = {};
    const { access_token, ...answer } = await ask(record);
    const expected = { token_type: 'Bearer', expires_in: 3_600, scope: 'read write' };
    assert.deepEqual(answer, { ...expected, authorization_details: details });
    assert.deepEqual(decodeJwt(access_token)?.claims['authorization_details'], details);
    assert.equal(record.authorization_details_types, 'payment account');
    assert.equal(JSON.stringify(record).includes('3.5'), false);
  });

  it('keeps them where it is a reference token (RFC 9396 §9.2)', async () => {
    await updateResource(resourceIdentifier(RESOURCE), { access_token_format: 'reference' }, issuer);
    const record: RequestRecord = {};
    await ask(record);
    assert.deepEqual((await issuer.tokens.find(record.jti ?? ''))?.authorization_details, details);
  });
});
