import { describe, it } from 'node:test';
import { assertAnswer, assertInactive, UNCACHED } from './answers.ts';
import { algorithmConfusions, FORGED_BY_OTHERS, NEVER_ISSUED, NO_TOKENS } from './forgeries.ts';
import { compactJws, genuineToken } from './genuine-token.ts';
import type { Suite } from './suite.ts';
import { algsOf, type Front } from './target.ts';

/** One algorithm for each kind of key. */
const FORGED_ALGS: ReadonlySet<string> = new Set(['RS256', 'ES256', 'EdDSA', 'ML-DSA-44']);

/** What introspection says to a caller who may know all of these tokens, if only they were good (RFC 7662 §4, RFC 9068 §4). */
export function describeIntrospectionOfForgeries(suite: () => Suite, front: Front): void {
  const introspect = (token: string) =>
    suite().postAs(suite().clients.introspector, 'introspection_endpoint', { token });

  describe('introspection of forgeries', () => {
    for (const alg of algsOf(front).filter((each) => FORGED_ALGS.has(each))) {
      const genuine = () => genuineToken(suite(), suite().clients.shop, suite().resourceOf(alg));

      it(`finds good what the issuer signed with ${alg} by the hand of this suite: the other tests here can fail`, async () => {
        const { header, claims, sign } = await genuine();
        const answer = await introspect(await compactJws(header, { ...claims, jti: 'by-hand' }, sign));
        const body = { active: true, token_type: 'Bearer', ...claims, jti: 'by-hand' };
        assertAnswer(answer, { status: 200, headers: UNCACHED, body });
      });

      for (const [what, forgery] of [...FORGED_BY_OTHERS, ...algorithmConfusions(alg)]) {
        it(`answers inactive to an ${alg} token with ${what} (RFC 7515 §5.2, RFC 8725 §3.1)`, async () => {
          assertInactive(await introspect(await forgery(await genuine())));
        });
      }

      for (const [what, forgery] of NEVER_ISSUED) {
        it(`answers inactive to an ${alg} token of the issuer's own signature with ${what} (RFC 9068 §4)`, async () => {
          assertInactive(await introspect(await forgery(await genuine())));
        });
      }
    }

    for (const [what, forgery] of NO_TOKENS) {
      it(`answers inactive to what is no token: ${what} (RFC 7662 §2.2)`, async () => {
        const { shop } = suite().clients;
        assertInactive(
          await introspect(await forgery(await genuineToken(suite(), shop, suite().resources.orders))),
        );
      });
    }
  });
}
