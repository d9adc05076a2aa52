import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { assertToken } from './answers.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import type { Suite } from './suite.ts';
import { algsOf, type Front } from './target.ts';

/** Resources of other algorithms, and how long their tokens live. */
const RESOURCES = [
  { name: 'orders', alg: 'RS256', scope: ORDERS_SCOPE, expires_in: 3600 },
  { name: 'invoices', alg: 'ES256', scope: 'invoices:read', expires_in: 600 },
  { name: 'stock', alg: 'ES384', scope: 'stock:read', expires_in: 120 },
  { name: 'mail', alg: 'PS256', scope: 'mail:send', expires_in: 3600 },
] as const;

const CLOCK_SKEW_SECONDS = 5;

/** The access token (RFC 9068), verified by a library that no one here wrote. */
export function describeAccessToken(suite: () => Suite, front: Front): void {
  /** Verifies a token as a resource server does that knows its issuer and itself, and no more (RFC 9068 §4). */
  const verify = (token: string, audience: string) => {
    const { issuer, jwks_uri } = suite().metadata;
    const keys = createRemoteJWKSet(new URL(jwks_uri));
    const times = { clockTolerance: CLOCK_SKEW_SECONDS, maxTokenAge: 60 };
    return jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', ...times });
  };

  const otherAlgs = algsOf(front).filter((alg) => RESOURCES.every((resource) => resource.alg !== alg));

  describe('access token', () => {
    for (const { alg, scope, expires_in, identify } of [
      ...RESOURCES.map(({ name, ...row }) => ({ ...row, identify: () => suite().resources[name] })),
      ...otherAlgs.map((alg) => {
        return { alg, scope: 'use', expires_in: 3600, identify: () => suite().resourceOf(alg) };
      }),
    ]) {
      it(`verifies by metadata and JWKS with ${alg}, and has the required header and claims (RFC 9068 §2.1, §2.2, §4)`, async () => {
        const { requestToken, clients, target } = suite();
        const { client_id } = clients.shop;
        const aud = identify();
        const token = assertToken(await requestToken(clients.shop, { resource: aud }), { scope, expires_in });
        const { payload, protectedHeader } = await verify(token, aud);
        const { kid } = protectedHeader;
        const { iat = 0, jti } = payload;
        assert.deepEqual(protectedHeader, { typ: 'at+jwt', alg, kid });
        assert.match(kid ?? '', /^[\w-]{43}$/);
        assert.match(jti ?? '', /^[\w-]{22}$/);
        const exp = iat + expires_in;
        assert.deepEqual(payload, {
          iss: target.issuer,
          exp,
          aud,
          sub: client_id,
          client_id,
          iat,
          jti,
          scope,
        });
      });
    }

    it('has no scope claim when the client has no scope (RFC 9068 §2.2.3)', async () => {
      const { requestToken, clients } = suite();
      const token = assertToken(await requestToken(clients.scopeless), { scope: undefined });
      assert.deepEqual(Object.keys(decodeJwt(token)), [
        'iss',
        'exp',
        'aud',
        'sub',
        'client_id',
        'iat',
        'jti',
      ]);
    });

    it('has a jti that no other has (RFC 7519 §4.1.7)', async () => {
      const { requestToken, clients } = suite();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => requestToken(clients.singleResource)),
      );
      const jtis = answers.map((answer) => decodeJwt(assertToken(answer, { scope: ORDERS_SCOPE })).jti);
      assert.equal(new Set(jtis).size, 20);
    });

    for (const [what, name, expires_in] of [
      ['of the resource when that is shorter', 'stock', 120],
      ['of the client when that is shorter', 'invoices', 300],
    ] as const) {
      it(`lives for the time ${what}, and expires_in says so (RFC 6749 §5.1)`, async () => {
        const { requestToken, clients, resources } = suite();
        const answer = await requestToken(clients.noDefault, { resource: resources[name] });
        const { exp = 0, iat = 0 } = decodeJwt(assertToken(answer, { scope: `${name}:read`, expires_in }));
        assert.equal(exp - iat, expires_in);
      });
    }

    it('is good for one resource and no other (RFC 9068 §4)', async () => {
      const { requestToken, clients, resources } = suite();
      const token = assertToken(await requestToken(clients.shop), { scope: ORDERS_SCOPE });
      await assert.rejects(verify(token, resources.mail), {
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'aud',
      });
    });
  });
}
