import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertAnswer, assertError, assertInactive, UNCACHED } from './answers.ts';
import { compactJws, type GenuineToken, genuineToken } from './genuine-token.ts';
import type { Suite } from './suite.ts';
import type { Answer } from './wire.ts';

/** Asserts the whole answer to a revocation: the status says it all (RFC 7009 §2.2). */
function assertRevoked(answer: Answer): void {
  assertAnswer(answer, { status: 200, headers: UNCACHED });
}

/** The revocation endpoint (RFC 7009). */
export function describeRevocation(suite: () => Suite): void {
  const genuine = () => genuineToken(suite(), suite().clients.shop, suite().resources.orders);
  const revoke = (token: string, client: 'shop' | 'singleResource' = 'shop', hint = {}) =>
    suite().postAs(suite().clients[client], 'revocation_endpoint', { token, ...hint });
  const introspect = (token: string) =>
    suite().postAs(suite().clients.introspector, 'introspection_endpoint', { token });
  const assertActive = async ({ token, claims }: GenuineToken) => {
    const body = { active: true, token_type: 'Bearer', ...claims };
    assertAnswer(await introspect(token), { status: 200, headers: UNCACHED, body });
  };

  describe('revocation', () => {
    it('ends a token at once, and no other of the client (RFC 7009 §2, §2.1)', async () => {
      const [revoked, other] = [await genuine(), await genuine()];
      assertRevoked(await revoke(revoked.token));
      assertInactive(await introspect(revoked.token));
      await assertActive(other);
    });

    it('ends all tokens that a client has when its operator revokes them, and no later one (RFC 7662 §4)', async () => {
      const { clients, resources, target } = suite();
      const next = () => genuineToken(suite(), clients.tokensRevoked, resources.orders);
      const tokens = [await next(), await next()];
      await target.signet(['clients', 'revoke-tokens', clients.tokensRevoked.client_id]);
      for (const { token } of tokens) assertInactive(await introspect(token));
      // A second later: times in tokens are whole ones (RFC 7519 §2).
      await sleep(1000);
      await assertActive(await next());
    });

    it('is done when it is done twice (RFC 7009 §2.2)', async () => {
      const { token } = await genuine();
      assertRevoked(await revoke(token));
      assertRevoked(await revoke(token));
      assertInactive(await introspect(token));
    });

    it('authenticates the client by client_secret_post as well (RFC 7009 §2.1)', async () => {
      const { token } = await genuine();
      const { client_id, client_secret } = suite().clients.shop;
      assertRevoked(await suite().post('revocation_endpoint', { token, client_id, client_secret }));
      assertInactive(await introspect(token));
    });

    for (const token_type_hint of ['access_token', 'refresh_token', 'pat', '__proto__']) {
      it(`finds the token whatever the token_type_hint: ${token_type_hint} (RFC 7009 §2.1)`, async () => {
        const { token } = await genuine();
        assertRevoked(await revoke(token, 'shop', { token_type_hint }));
        assertInactive(await introspect(token));
      });
    }

    it('refuses a request without token as invalid_request (RFC 7009 §2.1)', async () => {
      const description = 'token is missing from the body (RFC 7009 section 2.1)';
      assertError(await revoke(''), 'invalid_request', description);
    });

    it('refuses the token of another client, which stays good (RFC 7009 §2.1)', async () => {
      const token = await genuine();
      const description = 'the token was issued to another client (RFC 7009 section 2.1)';
      assertError(await revoke(token.token, 'singleResource'), 'unauthorized_client', description);
      await assertActive(token);
    });

    it('ends nothing when it is not authenticated (RFC 7009 §2.1)', async () => {
      const token = await genuine();
      const { client_id } = suite().clients.shop;
      const secret = suite().clients.singleResource.client_secret;
      await suite().post('revocation_endpoint', { token: token.token, client_id, client_secret: secret });
      await assertActive(token);
    });

    for (const [what, make] of [
      ['a string that is no token', () => 'a-token-that-nobody-issued'],
      [
        'a token that has expired',
        ({ header, claims, sign }) => compactJws(header, { ...claims, exp: 1_700_000_000 }, sign),
      ],
      [
        'a token with a signature of its own',
        ({ header, claims }) => compactJws(header, claims, () => Buffer.alloc(256, 1)),
      ],
      [
        'a token without a signature',
        ({ header, claims }) => compactJws({ ...header, alg: 'none' }, claims, () => Buffer.alloc(0)),
      ],
      ['60,000 characters', () => 'a'.repeat(60_000)],
    ] as const satisfies readonly (readonly [
      string,
      (genuine: GenuineToken) => Promise<string> | string,
    ])[]) {
      it(`has nothing to do for ${what}, and ends no other token (RFC 7009 §2.2)`, async () => {
        const token = await genuine();
        assertRevoked(await revoke(await make(token)));
        await assertActive(token);
      });
    }
  });
}
