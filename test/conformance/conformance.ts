import { before, describe } from 'node:test';
import { describeAccessToken } from './access-token.ts';
import { describeAuthorizationDetails } from './authorization-details.ts';
import { describeClaims } from './claims.ts';
import { describeClientAuthentication } from './client-authentication.ts';
import { describeClientSecretBasic } from './client-secret-basic.ts';
import { describeClientSecretJwt } from './client-secret-jwt.ts';
import { describeClientSecretPost } from './client-secret-post.ts';
import { describeDpop } from './dpop.ts';
import { describeIntrospection } from './introspection.ts';
import { describeIntrospectionOfForgeries } from './introspection-of-forgeries.ts';
import { describeJwks } from './jwks.ts';
import { describeMalformedRequests } from './malformed-requests.ts';
import { describeMetadata } from './metadata.ts';
import { describePrivateKeyJwt } from './private-key-jwt.ts';
import { describeReferenceTokens } from './reference-tokens.ts';
import { describeRegistration } from './registration.ts';
import { describeResourceIndicators } from './resource-indicators.ts';
import { describeResourceMetadata } from './resource-metadata.ts';
import { describeRevocation } from './revocation.ts';
import { describeRouting } from './routing.ts';
import { describeScope } from './scope.ts';
import { describeSecrecy } from './secrecy.ts';
import { describeSeveralResources } from './several-resources.ts';
import { openSuite, type Suite } from './suite.ts';
import type { ConformanceTarget, Front } from './target.ts';
import { describeTokenEndpoint } from './token-endpoint.ts';
import { describeTokenExchange } from './token-exchange.ts';
import { describeTokenExchangeRefusals } from './token-exchange-refusals.ts';

/**
 * Registers the tests of the conformance suite, for an issuer that is up when they run.
 *
 * @param front what the issuer is behind: some requests an API of API Gateway answers itself
 * @param target called once, when the tests run
 */
export function describeConformance(
  name: string,
  front: Front,
  target: () => Promise<ConformanceTarget> | ConformanceTarget,
): void {
  describe(name, () => {
    let opened: Suite | undefined;
    before(async () => {
      opened = await openSuite(await target());
    });
    const suite = () => {
      if (opened) return opened;
      throw new Error('the suite is opened before its tests run');
    };
    describeTokenEndpoint(suite);
    describeClientAuthentication(suite);
    describeClientSecretBasic(suite);
    describeClientSecretPost(suite);
    describeClientSecretJwt(suite);
    describePrivateKeyJwt(suite);
    describeScope(suite);
    describeResourceIndicators(suite);
    describeSeveralResources(suite);
    describeAccessToken(suite, front);
    describeDpop(suite);
    describeClaims(suite);
    describeAuthorizationDetails(suite);
    describeIntrospection(suite, front);
    describeIntrospectionOfForgeries(suite, front);
    describeRevocation(suite);
    describeReferenceTokens(suite);
    describeTokenExchange(suite);
    describeTokenExchangeRefusals(suite);
    describeJwks(suite, front);
    describeMetadata(suite, front);
    describeResourceMetadata(suite, front);
    describeMalformedRequests(suite, front);
    describeRegistration(suite);
    describeRouting(suite, front);
    describeSecrecy(suite);
  });
}
