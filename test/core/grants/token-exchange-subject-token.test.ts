import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { referenceTokenJti } from '../../../core/access-token/reference-token.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { deleteClient, revokeClientTokens, setClientEnabled } from '../../../core/management/clients.ts';
import { deleteResource, setResourceEnabled } from '../../../core/management/resources.ts';
import {
  BILLING,
  createExchangingIssuer,
  type ExchangingIssuer,
  FOREIGN,
  LEDGER,
  refusedToken,
} from '../../support/exchanging-issuer.ts';
import { clientId, resourceIdentifier } from '../../support/records.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;
const API = resourceIdentifier(RESOURCE);
const SHOP = clientId('shop');

let issuer: ExchangingIssuer;
let good: string;
beforeEach(async () => {
  issuer = await createExchangingIssuer();
  good = await issuer.tokenOf();
});

const jtiOf = (token: string) => String(decodeJwt(token)?.claims['jti']);
const encode = (text: string) => Buffer.from(text).toString('base64url');
const [header, claims, signature] = [0, 1, 2].map((part) => () => good.split('.')[part] ?? '');
const says = (changes: object) => () => issuer.forge(changes, good);
const actors = (count: number): object => (count > 1 ? { sub: 'a', act: actors(count - 1) } : { sub: 'a' });
const afterwards = (change: () => Promise<unknown>) => async () => {
  await change();
  return good;
};

/** Tokens that are no subject tokens for `backend`, and what the log says of each. */
const TOKENS: readonly (readonly [what: string, token: () => Promise<string> | string, reason: string])[] = [
  ['a string that is no token', () => 'a-token-that-nobody-issued', 'malformed'],
  ['a word of JavaScript', () => '__proto__', 'malformed'],
  ['a token without a signature', () => `${header?.()}.${claims?.()}.`, 'wrong_signature'],
  ['alg none', () => `${encode('{"typ":"at+jwt","alg":"none"}')}.${claims?.()}.`, 'unknown_key'],
  ['another signature', () => `${header?.()}.${claims?.()}.${encode('x'.repeat(64))}`, 'wrong_signature'],
  ['other claims', () => `${header?.()}.${encode('{"sub":"admin"}')}.${signature?.()}`, 'wrong_signature'],
  ['HS256 by the id of the key', () => hmacToken(), 'wrong_algorithm'],
  ['the type of an ID token', () => issuer.forge({}, good, 'JWT'), 'wrong_type'],
  ['the type of a client assertion', () => issuer.forge({}, good, 'client-authentication+jwt'), 'wrong_type'],
  ['a token with a line break behind it', () => `${good}\n`, 'malformed'],
  ['a token with padding', () => `${good}=`, 'malformed'],
  ['a token behind Bearer', () => `Bearer ${good}`, 'malformed'],
  ['a token and another', () => `${good} ${good}`, 'malformed'],
  ['more than 32,768 characters', () => 'a'.repeat(32_769), 'malformed'],
  ['JSON without end', () => `${encode('['.repeat(20_000))}.e30.e30`, 'malformed'],
  ['a token of another issuer', says({ iss: 'https://evil.example.com' }), 'wrong_issuer'],
  ['a token of the issuer in capitals', says({ iss: 'HTTPS://AUTH.EXAMPLE.COM' }), 'wrong_issuer'],
  ['a token that has expired', says({ exp: NOW }), 'expired'],
  ['a token without exp', says({ exp: undefined }), 'malformed'],
  ['a token whose exp is a text', says({ exp: String(NOW + 60) }), 'malformed'],
  ['a token without sub', says({ sub: undefined }), 'malformed'],
  ['a token whose sub is a list', says({ sub: ['shop', 'admin'] }), 'malformed'],
  ['a token whose act is a text', says({ act: 'backend' }), 'malformed'],
  ['a token whose act has no sub', says({ act: { act: { sub: 'a' } } }), 'malformed'],
  ['a token whose may_act is a list', says({ may_act: [{ sub: 'backend' }] }), 'malformed'],
  ['a token whose may_act names nobody', says({ may_act: {} }), 'malformed'],
  ['a token whose may_act is another', says({ may_act: { sub: 'Backend' } }), 'of_another_actor'],
  ['a token whose may_act is nothing', says({ may_act: { sub: '' } }), 'of_another_actor'],
  ['a token with as many actors as there may be', says({ act: actors(5) }), 'too_many_actors'],
  ['a token with a thousand actors', says({ act: actors(1_000) }), 'too_many_actors'],
  ['a token bound to a certificate', says({ cnf: { 'x5t#S256': 'x' } }), 'bound'],
  ['a token bound to a key', says({ cnf: { jkt: 'x' } }), 'bound'],
  ['a token bound to nothing', says({ cnf: {} }), 'bound'],
  ['a token for a resource of others', () => issuer.tokenOf({ resource: FOREIGN }), 'not_for_client'],
  ['a token for what it may exchange tokens for', says({ aud: BILLING }), 'not_for_client'],
  ['a token for its resource with a slash', says({ aud: `${RESOURCE}/` }), 'not_for_client'],
  ['a token for its resource in capitals', says({ aud: 'HTTPS://API.EXAMPLE.COM' }), 'not_for_client'],
  ['a token for no resource', says({ aud: undefined }), 'malformed'],
  ['its own token for a resource that is not', () => ofBackend(BILLING), 'not_for_client'],
  ['a reference token of nobody', () => `signet_token_${'0'.repeat(43)}2CZclj`, 'unknown_token'],
  ['a revoked token', afterwards(() => issuer.tokens.revoke(jtiOf(good), NOW + 3_600)), 'revoked'],
  ['a revoked reference token', () => revokedReference(), 'revoked'],
  [
    'a token of all that were revoked',
    afterwards(() => revokeClientTokens(SHOP, issuer)),
    'client_tokens_revoked',
  ],
  [
    'a token of a disabled client',
    afterwards(() => setClientEnabled(SHOP, false, issuer)),
    'client_disabled',
  ],
  ['a token of a deleted client', afterwards(() => deleteClient(SHOP, issuer)), 'client_disabled'],
  [
    'a token for a disabled resource',
    afterwards(() => setResourceEnabled(API, false, issuer)),
    'resource_disabled',
  ],
  ['a token for a deleted resource', afterwards(() => deleteResource(API, issuer)), 'resource_disabled'],
  [
    'a token for a disabled resource and for one of others',
    async () => {
      const token = await issuer.tokenOf({ resource: RESOURCE, audience: FOREIGN });
      await setResourceEnabled(API, false, issuer);
      return token;
    },
    'resource_disabled',
  ],
];

const hmacToken = () => {
  const kid = decodeJwt(good)?.header['kid'];
  const input = `${encode(JSON.stringify({ typ: 'at+jwt', alg: 'HS256', kid }))}.${claims?.()}`;
  return `${input}.${createHmac('sha256', String(kid)).update(input).digest('base64url')}`;
};
const ofBackend = (resource: string) => issuer.tokenOf({ resource }, 'backend');
const revokedReference = async () => {
  const token = await issuer.tokenOf({ resource: LEDGER });
  await issuer.tokens.revoke(referenceTokenJti(token), NOW + 3_600);
  return token;
};

describe('a subject token', () => {
  for (const [what, token, reason] of TOKENS) {
    it(`is refused as every other: ${what} (RFC 8693 §2.2.2)`, async () => {
      await assert.rejects(issuer.exchange(await token()), refusedToken('subject_token', reason));
    });
  }

  it('is good in no mutation', async () => {
    const position = fc.nat({ max: good.length - 1 });
    const mutation = fc
      .tuple(position, fc.nat({ max: 4 }), fc.string({ maxLength: 4 }))
      .map(([at, cut, insert]) => good.slice(0, at) + insert + good.slice(at + cut))
      .filter((mutated) => mutated !== good && mutated !== '' && !mutated.includes('\0'));
    await fc.assert(
      fc.asyncProperty(mutation, async (mutated) => {
        await assert.rejects(issuer.exchange(mutated), { code: 'invalid_request' });
      }),
      { numRuns: 1_000 },
    );
    assert.equal((await issuer.exchange(good)).token_type, 'Bearer');
  });
});
