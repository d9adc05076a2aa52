import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it } from 'node:test';
import { assertAnswer, assertError, assertInactive, assertToken, UNCACHED } from './answers.ts';
import type { Suite } from './suite.ts';

/** Access tokens that say nothing themselves (RFC 6749 §1.4, RFC 7662), for resources that want these. */
export function describeReferenceTokens(suite: () => Suite): void {
  const requestToken = async () => {
    const answer = await suite().requestToken(suite().clients.ledger);
    return assertToken(answer, { scope: 'ledger:read', expires_in: 300 });
  };
  const introspect = (
    token: string,
    caller: 'introspector' | 'mailIntrospector' | 'ledger' = 'introspector',
  ) => suite().postAs(suite().clients[caller], 'introspection_endpoint', { token });
  const revoke = (token: string, client: 'ledger' | 'shop' = 'ledger', hint = {}) =>
    suite().postAs(suite().clients[client], 'revocation_endpoint', { token, ...hint });
  const assertActive = async (token: string) => {
    const answer = await introspect(token);
    const { iat } = Object(JSON.parse(answer.text));
    const { issuer, clients, resources } = suite();
    const body = {
      active: true,
      token_type: 'Bearer',
      iss: issuer,
      exp: iat + 300,
      aud: resources.ledger,
      sub: clients.ledger.client_id,
      client_id: clients.ledger.client_id,
      iat,
      jti: hash('sha256', token, 'base64url'),
      scope: 'ledger:read',
    };
    assertAnswer(answer, { status: 200, headers: UNCACHED, body });
  };

  describe('reference tokens', () => {
    it('are random strings that say nothing, answered as any token is (RFC 6749 §1.4, §5.1)', async () => {
      const tokens = [await requestToken(), await requestToken(), await requestToken()];
      assert.equal(new Set(tokens).size, tokens.length);
      for (const token of tokens) assert.match(token, /^signet_token_[0-9A-Za-z]{49}$/);
    });

    it('tell a caller that the resource names by introspection what a JWT would say (RFC 7662 §2.2)', async () => {
      await assertActive(await requestToken());
    });

    it('tell nobody else anything, not even their own client (RFC 7662 §4)', async () => {
      const token = await requestToken();
      assertInactive(await introspect(token, 'mailIntrospector'));
      assertInactive(await introspect(token, 'ledger'));
    });

    for (const [what, change] of [
      ['another last character', (token) => token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')],
      ['a character less', (token) => token.slice(0, -1)],
      ['a space behind it', (token) => `${token} `],
      ['another case', (token) => token.toUpperCase()],
      ['the digits of nobody’s token', () => `signet_token_${'0'.repeat(43)}2CZclj`],
    ] as const satisfies readonly (readonly [string, (token: string) => string])[]) {
      it(`are inactive with ${what} (RFC 7662 §2.2)`, async () => {
        const token = await requestToken();
        assertInactive(await introspect(change(token)));
        await assertActive(token);
      });
    }

    for (const token_type_hint of ['access_token', 'refresh_token', 'pat']) {
      it(`end at once when they are revoked, and no other with them, whatever the hint: ${token_type_hint} (RFC 7009 §2, §2.1)`, async () => {
        const [token, other] = [await requestToken(), await requestToken()];
        const revoked = { status: 200, headers: UNCACHED };
        assertAnswer(await revoke(token, 'ledger', { token_type_hint }), revoked);
        assertInactive(await introspect(token));
        assertAnswer(await revoke(token, 'ledger', { token_type_hint }), revoked);
        assertInactive(await introspect(token));
        await assertActive(other);
      });
    }

    it('are not revoked by another client (RFC 7009 §2.1)', async () => {
      const token = await requestToken();
      const description = 'the token was issued to another client (RFC 7009 section 2.1)';
      assertError(await revoke(token, 'shop'), 'unauthorized_client', description);
      await assertActive(token);
    });
  });
}
