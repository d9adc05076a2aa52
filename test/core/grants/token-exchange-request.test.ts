import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { parseForm } from '../../../core/form.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import {
  ACCESS_TOKEN,
  createExchangingIssuer,
  type ExchangingIssuer,
  FOREIGN,
  JWT,
  LEDGER,
  refusedToken,
  TOKEN_EXCHANGE,
} from '../../support/exchanging-issuer.ts';
import { makeClient } from '../../support/records.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;
type Form = Readonly<Record<string, string>>;

let issuer: ExchangingIssuer;
let good: string;
beforeEach(async () => {
  issuer = await createExchangingIssuer();
  good = await issuer.tokenOf();
});

const jtiOf = (token: string) => String(decodeJwt(token)?.claims['jti']);
const ofBackend = () => issuer.tokenOf({ resource: RESOURCE }, 'backend');

/** Requests with a good subject token that are refused all the same; each form as it is after what had to be done for it. */
const REQUESTS: readonly (readonly [what: string, form: () => Form | Promise<Form>, refusal: object])[] = [
  ['no subject_token', () => ({ subject_token: '' }), missing('subject_token')],
  ['no subject_token_type', () => ({ subject_token_type: '' }), missing('subject_token_type')],
  ...['refresh_token', 'id_token', 'saml1', 'saml2', 'ACCESS_TOKEN', 'access_token '].flatMap((name) =>
    ['subject_token_type', 'requested_token_type'].map((parameter) => {
      const form = { [parameter]: `urn:ietf:params:oauth:token-type:${name}` };
      return [`${parameter} ${name}`, () => form, unknownType(parameter)] as const;
    }),
  ),
  [
    'subject_token_type jwt by its short name',
    () => ({ subject_token_type: 'jwt' }),
    unknownType('subject_token_type'),
  ],
  ['a type of JavaScript', () => ({ subject_token_type: 'constructor' }), unknownType('subject_token_type')],
  [
    'a reference token as jwt',
    async () => ({ subject_token: await issuer.tokenOf({ resource: LEDGER }), subject_token_type: JWT }),
    refusedToken('subject_token', 'no_jwt'),
  ],
  [
    'a JWT of a resource with reference tokens',
    () => ({ resource: LEDGER, requested_token_type: JWT }),
    {
      code: 'invalid_request',
      description: `the tokens of this resource are no JWTs: ask for ${ACCESS_TOKEN}`,
    },
  ],
  ['an actor_token without its type', () => ({ actor_token: good }), missing('actor_token_type')],
  ['an actor_token_type alone', () => ({ actor_token_type: JWT }), missing('actor_token')],
  [
    'an actor_token of another type',
    () => ({ actor_token: good, actor_token_type: 'urn:ietf:params:oauth:token-type:id_token' }),
    unknownType('actor_token_type'),
  ],
  ['the subject token as actor_token', () => actedBy(good), refusedToken('actor_token', 'not_for_client')],
  ['an actor_token that is none', () => actedBy('nobody'), refusedToken('actor_token', 'malformed')],
  [
    'an actor_token of another client',
    async () => actedBy(await issuer.tokenOf({}, 'stranger')),
    refusedToken('actor_token', 'not_for_client'),
  ],
  [
    'an actor_token of the client for another subject',
    async () => actedBy((await issuer.exchange(good)).access_token),
    refusedToken('actor_token', 'not_for_client'),
  ],
  [
    'an actor_token that was revoked',
    async () => {
      const token = await ofBackend();
      await issuer.tokens.revoke(jtiOf(token), NOW + 3_600);
      return actedBy(token);
    },
    refusedToken('actor_token', 'revoked'),
  ],
  [
    'an actor_token that is bound',
    async () => actedBy(await issuer.forge({ cnf: { jkt: 'x' } }, await ofBackend())),
    refusedToken('actor_token', 'bound'),
  ],
  ['a resource that the client may have only for itself', () => ({ resource: FOREIGN }), noTarget()],
  ['a resource that nobody has', () => ({ resource: 'https://nobody.example.com' }), noTarget()],
  ['a resource that is none', () => ({ resource: 'not a URI' }), noTarget()],
  ['an audience of others', () => ({ audience: FOREIGN }), noTarget()],
  [
    'no resource, where there are several',
    () => ({ resource: '' }),
    { code: 'invalid_target', description: /^the client has no default resource/ },
  ],
  ['a scope of its resource that it was not given', () => ({ scope: 'admin' }), noScope('admin')],
  ['a scope in other letters', () => ({ scope: 'Read' }), noScope('Read')],
  ['a scope with a line break', () => ({ scope: 'read\r\nX: y' }), { code: 'invalid_scope' }],
];

function missing(parameter: string) {
  const description = `${parameter} is missing from the body (RFC 8693 section 2.1)`;
  return { code: 'invalid_request', description };
}

function unknownType(parameter: string) {
  return { code: 'invalid_request', description: `${parameter} is one of: ${ACCESS_TOKEN}, ${JWT}` };
}

function noTarget() {
  return { code: 'invalid_target', description: 'the client may have no token for this resource' };
}

function noScope(scope: string) {
  const description = `the client may not have this scope at this resource: ${scope}`;
  return { code: 'invalid_scope', description };
}

function actedBy(actor_token: string): Form {
  return { actor_token, actor_token_type: ACCESS_TOKEN };
}

describe('a token exchange', () => {
  for (const [what, form, refusal] of REQUESTS) {
    it(`refuses ${what} (RFC 8693 §2.1, §2.2.2)`, async () => {
      await assert.rejects(issuer.exchange(good, await form()), refusal);
    });
  }

  it('refuses a client that is not registered for it, whatever tokens it has (RFC 8693 §5)', async () => {
    for (const client_id of ['shop', 'stranger']) {
      await assert.rejects(issuer.exchange(good, { resource: RESOURCE }, client_id), {
        code: 'unauthorized_client',
        description: `the client is not registered for the grant ${TOKEN_EXCHANGE}`,
      });
    }
  });

  it('gives nothing to a client whose record has the grant and not what it may exchange', async () => {
    const { client_secrets } = issuer.client;
    const resources = [{ resource: RESOURCE, scope: [] }];
    for (const [version, members, code] of [
      [3, {}, 'invalid_target'],
      [4, { token_exchange_resources: resources }, 'invalid_request'],
    ] as const) {
      const registered = { client_secrets, grant_types: [TOKEN_EXCHANGE], version };
      assert.ok(await issuer.clients.replace(makeClient('backend', { ...registered, ...members })));
      await assert.rejects(issuer.exchange(good, { resource: RESOURCE }), { code });
    }
  });

  it('refuses each of its parameters when it stands twice (RFC 6749 §3.2)', () => {
    const names = ['subject_token', 'subject_token_type', 'actor_token', 'requested_token_type'];
    for (const name of names) {
      assert.throws(() => parseForm(`${name}=a&${name}=b`), { code: 'invalid_request' });
    }
  });

  it('ends with the fifth actor, so that no call goes in a circle for ever', async () => {
    let token = good;
    for (let actor = 1; actor <= 5; actor += 1) {
      token = (await issuer.exchange(token, { resource: RESOURCE })).access_token;
    }
    const again = issuer.exchange(token, { resource: RESOURCE });
    await assert.rejects(again, refusedToken('subject_token', 'too_many_actors'));
  });
});
