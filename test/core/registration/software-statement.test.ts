import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  type Assertion,
  type ClientKey,
  clientAssertion,
  makeClientKey,
} from '../../support/client-assertion.ts';
import { macBy } from '../../support/mac-assertion.ts';
import { publishIssuer } from '../../support/published-issuer.ts';
import {
  createRegisteringIssuer,
  OTHER_RESOURCE,
  POLICY,
  type RegisteringIssuer,
} from '../../support/registering.ts';

const NOW = 1_800_000_000;
const VENDOR = 'https://vendor.example.com';
const OTHER = 'https://other-vendor.example.com';
const KEY = makeClientKey('P-256');
const STOLEN = makeClientKey('P-256');
const TRUSTING = { software_statement_issuers: [VENDOR] };
const INVALID = {
  code: 'invalid_software_statement',
  description:
    'the software statement is no JWT with a software_id that its issuer signed and that is good now (RFC 7591 section 2.3)',
};

let issuer: RegisteringIssuer;
let token: string;
beforeEach(async () => {
  issuer = await createRegisteringIssuer();
  publishIssuer(issuer.published, VENDOR, [KEY.jwk]);
  publishIssuer(issuer.published, OTHER, [STOLEN.jwk]);
  token = await issuer.initialAccessToken(TRUSTING);
});

interface Changes extends Partial<Assertion> {
  readonly key?: ClientKey;
}

/** A statement of the vendor’s, but for what is given. */
const statement = ({ key = KEY, header = {}, claims = {}, ...rest }: Changes = {}) => {
  const good = { iss: VENDOR, software_id: 'shop', client_name: 'Shop' };
  return clientAssertion(key, 'ES256', { header, claims: { ...good, ...claims }, ...rest });
};
const bringing = (header: Readonly<Record<string, unknown>>) => () => statement({ key: STOLEN, header });
const macByPublicKey = () => statement({ header: { alg: 'HS256' }, sign: macBy(JSON.stringify(KEY.jwk)) });

async function changedSince(): Promise<string> {
  const [signed = '', changed = ''] = await Promise.all([statement(), says({ scope: 'read' })()]);
  const [header, , signature] = signed.split('.');
  return [header, changed.split('.')[1], signature].join('.');
}

const says = (claims: Readonly<Record<string, unknown>>) => () => statement({ claims });

describe('a software statement', () => {
  it('counts before what the document says itself, and is returned as it was sent (RFC 7591 §2.3, §3.2.1)', async () => {
    const software_statement = await statement({ header: { typ: 'JWT' } });
    const { client_name, ...answer } = Object(
      await issuer.register(token, { software_statement, client_name: 'Thief', access_token_lifetime: 60 }),
    );
    assert.equal(client_name, 'Shop');
    assert.equal(answer.access_token_lifetime, 60);
    assert.equal(answer.software_statement, software_statement);
  });

  const beyond: readonly (readonly [what: string, claims: Readonly<Record<string, unknown>>])[] = [
    ['more scope', { scope: 'read write' }],
    ['another resource', { resources: [{ resource: OTHER_RESOURCE, scope: ['stock'] }] }],
    ['another method', { token_endpoint_auth_method: 'none' }],
    ['a longer lifetime', { access_token_lifetime: 900 }],
  ];
  for (const [what, claims] of beyond) {
    it(`says nothing beyond the policy: ${what}`, async () => {
      const software_statement = await statement({ claims });
      await assert.rejects(issuer.register(token, { software_statement }), {
        code: 'invalid_client_metadata',
      });
    });
  }

  it('gives its client nothing that a document cannot: client_id, client_secret, claims, roles, subject, registration', async () => {
    const claims = {
      ...{ client_id: 'backend', client_secret: 'x'.repeat(40), claims: { admin: true }, roles: ['admin'] },
      ...{ subject: 'backend', registration: { policy: {} }, software_statement: 'a.b.c' },
    };
    const software_statement = await statement({ claims });
    const answer = Object(await issuer.register(token, { software_statement }));
    assert.notEqual(answer.client_id, claims.client_id);
    assert.notEqual(answer.client_secret, claims.client_secret);
    assert.equal(answer.software_statement, software_statement);
    const client = await issuer.clients.find(answer.client_id);
    assert.equal(client?.claims ?? client?.roles ?? client?.subject, undefined);
    assert.deepEqual(client?.registration?.policy, { ...POLICY, ...TRUSTING });
  });

  it('may be signed with RS256, as the RFC recommends, or as an assertion may be (RFC 7591 §2.3)', async () => {
    const keys = [makeClientKey('RSA'), makeClientKey('Ed25519')] as const;
    publishIssuer(
      issuer.published,
      VENDOR,
      keys.map(({ jwk }) => jwk),
    );
    const claims = { iss: VENDOR, software_id: 'shop', client_name: 'Shop' };
    for (const [index, alg] of ['RS256', 'EdDSA'].entries()) {
      const software_statement = await clientAssertion(keys[index] ?? KEY, alg, { claims });
      const registered = await issuer.registered(TRUSTING, { software_statement });
      assert.equal(Object(registered).client_name, 'Shop');
    }
  });

  it('may be for this issuer, and say an end, in years', async () => {
    const claims = { aud: issuer.identifier, exp: NOW + 1e9, iat: NOW };
    assert.ok(await issuer.register(token, { software_statement: await statement({ claims }) }));
  });

  it('may come with a change as well, and is as if it had never been when it does not (RFC 7592 §2.2)', async () => {
    const software_statement = await statement();
    const client = await issuer.registered(TRUSTING, { software_statement });
    const named = Object(await issuer.update(client, { software_statement, client_name: 'Thief' }));
    assert.deepEqual([named.client_name, named.software_statement], ['Shop', software_statement]);
    assert.equal(Object(await issuer.read(client)).software_statement, undefined);
    assert.equal(Object(await issuer.update(client)).client_name, undefined);
  });

  it('may be what the policy asks for, of each registration and each change', async () => {
    const required = { ...TRUSTING, software_statement_required: true };
    const refusal = {
      code: 'invalid_client_metadata',
      description: 'software_statement: the initial access token asks for one',
    };
    await assert.rejects(issuer.register(await issuer.initialAccessToken(required)), refusal);
    const client = await issuer.registered(required, { software_statement: await statement() });
    for (const software_statement of [undefined, null])
      await assert.rejects(issuer.update(client, { software_statement }), refusal);
  });

  it('is not approved where nobody’s counts (RFC 7591 §3.2.2)', async () => {
    const nobodys = await issuer.initialAccessToken();
    await assert.rejects(issuer.register(nobodys, { software_statement: await statement() }), {
      code: 'unapproved_software_statement',
      description: 'the issuer trusts no issuer of software statements: leave it out',
    });
  });

  const others: readonly (readonly [whose: string, iss: unknown])[] = [
    ['another issuer', OTHER],
    ['the issuer with a slash', `${VENDOR}/`],
    ['the issuer in capitals', VENDOR.toUpperCase()],
    ['the issuer in a list', [VENDOR]],
    ['this issuer', 'https://auth.example.com'],
    ['no issuer', undefined],
  ];
  for (const [whose, iss] of others) {
    it(`is not approved when it is of ${whose} (RFC 7591 §2.3, §3.2.2)`, async () => {
      const software_statement = await statement({ key: STOLEN, claims: { iss } });
      await assert.rejects(issuer.register(token, { software_statement }), {
        code: 'unapproved_software_statement',
        description: 'the issuer of the software statement is none that is trusted here',
      });
    });
  }

  const attacks: readonly (readonly [what: string, attack: () => unknown, reason: string])[] = [
    ['no JWT', () => 'a.b.c', 'malformed'],
    ['an empty text', () => '', 'malformed'],
    ['a number', () => 1, 'malformed'],
    ['an object', () => ({}), 'malformed'],
    ['more than 16,384 characters', says({ padding: 'x'.repeat(16_384) }), 'malformed'],
    ['two parts', async () => (await statement()).replace(/\.[^.]*$/, ''), 'malformed'],
    ['five parts, as an encrypted one has', async () => `${await statement()}.a.b`, 'malformed'],
    ['padding behind its base64url', async () => `${await statement()}=`, 'malformed'],
    ['another key under the kid of its issuer', () => statement({ key: STOLEN }), 'wrong_signature'],
    ['another key in its header', bringing({ jwk: STOLEN.jwk }), 'wrong_signature'],
    ['another key at a jku', bringing({ jku: `${OTHER}/jwks` }), 'wrong_signature'],
    ['another key at an x5u', bringing({ x5u: `${OTHER}/cert` }), 'wrong_signature'],
    ['a kid that no key has', () => statement({ header: { kid: 'none' } }), 'unknown_key'],
    ['no signature', () => statement({ sign: () => new Uint8Array() }), 'wrong_signature'],
    ['a signature of zeros', () => statement({ sign: () => new Uint8Array(64) }), 'wrong_signature'],
    ['claims that were changed since', changedSince, 'wrong_signature'],
    ['alg none', () => statement({ header: { alg: 'none' } }), 'wrong_algorithm'],
    ['HS256 by the public key', macByPublicKey, 'wrong_algorithm'],
    ['a critical extension', () => statement({ header: { crit: ['exp'] } }), 'malformed'],
    ['the type of an access token', () => statement({ header: { typ: 'at+jwt' } }), 'wrong_type'],
    ['the type of a DPoP proof', () => statement({ header: { typ: 'dpop+jwt' } }), 'wrong_type'],
    ['another audience', says({ aud: 'https://another.example.com' }), 'wrong_audience'],
    ['another audience beside', says({ aud: ['https://auth.example.com', 'x'] }), 'wrong_audience'],
    ['an end that is over', says({ exp: NOW - 61 }), 'expired'],
    ['an end that is no number', says({ exp: 'never' }), 'malformed'],
    ['an audience that begins so', says({ aud: 'https://auth.example.com/register' }), 'wrong_audience'],
    ['a beginning in an hour', says({ nbf: NOW + 3_600 }), 'not_yet_valid'],
    ['a time of issue in an hour', says({ iat: NOW + 3_600 }), 'not_yet_valid'],
    ['no software_id, as an ID token has none', says({ software_id: undefined }), 'no_software_id'],
    ['a software_id that is a list', says({ software_id: ['shop'] }), 'no_software_id'],
  ];

  for (const [what, attack, reason] of attacks) {
    it(`is invalid with ${what} (RFC 7591 §3.2.2)`, async () => {
      const software_statement = await attack();
      await assert.rejects(issuer.register(token, { software_statement }), {
        ...INVALID,
        reason: `statement_${reason}`,
      });
      assert.equal(issuer.latest.client_id, undefined);
    });
  }

  it('is invalid while the keys of its issuer cannot be had', async () => {
    issuer.published.delete(`${VENDOR}/jwks`);
    const refusal = { ...INVALID, reason: 'statement_keys_unavailable' };
    await assert.rejects(issuer.register(token, { software_statement: await statement() }), refusal);
  });
});
