import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type SynthesizedStack, synthesize } from '../support/synthesized-stack.ts';

const EVERYWHERE_ELSE = {
  http: { $default: 'NotFound' },
  rest: { 'ANY /': 'NotFound', 'ANY /{proxy+}': 'NotFound' },
};

for (const api of ['http', 'rest'] as const) {
  describe(`the routes of the ${api} API`, () => {
    test('are one for every endpoint, whatever the method, and not-found for all else', () => {
      assert.deepEqual(ROUTES_OF[api](synthesize({ api })), {
        'ANY /token': 'Token',
        'ANY /introspect': 'Introspection',
        'ANY /revoke': 'Revocation',
        'ANY /.well-known/jwks.json': 'Jwks',
        'ANY /resource-metadata': 'ResourceMetadata',
        'ANY /.well-known/oauth-authorization-server': 'Metadata',
        'ANY /.well-known/openid-configuration': 'Metadata',
        ...EVERYWHERE_ELSE[api],
      });
    });

    test('lead to the introspection that signs where it is chosen (RFC 9701)', () => {
      const routes = ROUTES_OF[api](synthesize({ api, signedIntrospection: true }));
      assert.equal(routes['ANY /introspect'], 'SignedIntrospection');
    });

    test('have one more where clients may register themselves', () => {
      const { 'ANY /register': registration, ...others } = ROUTES_OF[api](
        synthesize({ api, registration: true }),
      );
      assert.equal(registration, 'Registration');
      assert.deepEqual(others, ROUTES_OF[api](synthesize({ api })));
    });

    test('have one more where another Region may take over, for who asks whether this one is well', () => {
      const regions = { issuer: 'https://example.com', replicaRegions: ['eu-west-1'] };
      const { 'ANY /health': health, ...others } = ROUTES_OF[api](synthesize({ api, ...regions }));
      assert.equal(health, 'Health');
      assert.deepEqual(others, ROUTES_OF[api](synthesize({ api })));
    });

    test("are behind the issuer's path, those of the metadata also before it (RFC 8414 §3.1)", () => {
      assert.deepEqual(ROUTES_OF[api](synthesize({ api, issuer: 'https://example.com/auth' })), {
        'ANY /auth/token': 'Token',
        'ANY /auth/introspect': 'Introspection',
        'ANY /auth/revoke': 'Revocation',
        'ANY /auth/.well-known/jwks.json': 'Jwks',
        'ANY /auth/resource-metadata': 'ResourceMetadata',
        'ANY /.well-known/oauth-authorization-server/auth': 'Metadata',
        'ANY /auth/.well-known/oauth-authorization-server': 'Metadata',
        'ANY /.well-known/openid-configuration/auth': 'Metadata',
        'ANY /auth/.well-known/openid-configuration': 'Metadata',
        ...EVERYWHERE_ELSE[api],
      });
    });
  });
}

/** Which function answers which route. */
const ROUTES_OF = {
  http({ ofType, named }: SynthesizedStack) {
    const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties: { RouteKey, Target } }) => {
      const [, integration = ''] = /^integrations\/<(.+)>$/.exec(String(Target)) ?? [];
      const [, name] = /^<(.+)\.Arn>$/.exec(String(named(integration).Properties['IntegrationUri'])) ?? [];
      return [RouteKey, name];
    });
    return Object.fromEntries(routes);
  },
  rest({ ofType, named }: SynthesizedStack) {
    const pathOf = (resource: string): string => {
      if (resource.endsWith('.RootResourceId>')) return '';
      const { ParentId, PathPart } = named(resource.slice(1, -1)).Properties;
      return `${pathOf(String(ParentId))}/${PathPart}`;
    };
    const routes = ofType('AWS::ApiGateway::Method').map(({ Properties }) => {
      const { HttpMethod, ResourceId, Integration } = Properties;
      const { Uri } = Integration as { readonly Uri: string };
      const [, name] = /functions\/<(.+)\.Arn>\/invocations$/.exec(Uri) ?? [];
      return [`${HttpMethod} ${pathOf(String(ResourceId)) || '/'}`, name];
    });
    return Object.fromEntries(routes);
  },
};
