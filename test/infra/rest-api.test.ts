import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type SynthesizedStack, synthesize } from '../support/synthesized-stack.ts';

const stack = synthesize({ api: 'rest' });

test('every endpoint has its route, whatever the method, and all else goes to not-found', () => {
  assert.deepEqual(routesOf(stack), {
    'ANY /token': 'Token',
    'ANY /introspect': 'Introspection',
    'ANY /revoke': 'Revocation',
    'ANY /.well-known/jwks.json': 'Jwks',
    'ANY /.well-known/oauth-authorization-server': 'Metadata',
    'ANY /.well-known/openid-configuration': 'Metadata',
    'ANY /': 'NotFound',
    'ANY /{proxy+}': 'NotFound',
  });
});

test('an issuer with a path is served behind it, its metadata also before it (RFC 8414 §3.1)', () => {
  const routes = routesOf(synthesize({ api: 'rest', issuer: 'https://example.com/auth' }));
  assert.deepEqual(
    Object.keys(routes).sort(),
    [
      'ANY /auth/token',
      'ANY /auth/introspect',
      'ANY /auth/revoke',
      'ANY /auth/.well-known/jwks.json',
      'ANY /.well-known/oauth-authorization-server/auth',
      'ANY /auth/.well-known/oauth-authorization-server',
      'ANY /.well-known/openid-configuration/auth',
      'ANY /auth/.well-known/openid-configuration',
      'ANY /',
      'ANY /{proxy+}',
    ].sort(),
  );
});

test('without another identifier the issuer is the URL of the stage', () => {
  const url = 'https://<restApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/prod';
  assert.equal(stack.outputs['SignetIssuer']?.Value, url);
  assert.equal(stack.outputs['SignetApiEndpoint']?.Value, url);
  assert.equal(stack.outputs['SignetTokenEndpoint']?.Value, `${url}/token`);
  assert.equal(stack.named('restApiDeploymentStageprod').Properties['StageName'], 'prod');
});

test('the stage throttles at what KMS signs, and logs nothing that may hold a credential', () => {
  const { AccessLogSetting, MethodSettings } = stack.named('restApiDeploymentStageprod').Properties;
  assert.deepEqual(MethodSettings, [
    {
      HttpMethod: '*',
      ResourcePath: '/*',
      DataTraceEnabled: false,
      ThrottlingRateLimit: 1_000,
      ThrottlingBurstLimit: 1_000,
    },
  ]);
  const { Format } = AccessLogSetting as { readonly Format: string };
  assert.deepEqual(JSON.parse(Format), {
    time: '$context.requestTime',
    request_id: '$context.requestId',
    source_ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    latency_ms: '$context.responseLatency',
  });
});

test("a throw-away stack does not touch the account's log role, and so has no access log", () => {
  const { ofType, only } = synthesize({ api: 'rest', throwAway: true });
  assert.deepEqual(ofType('AWS::ApiGateway::Account'), []);
  assert.equal(only('AWS::ApiGateway::Stage').Properties['AccessLogSetting'], undefined);
});

describe("the API's own errors", () => {
  const RESPONSES = {
    DEFAULT_4XX: [undefined, 'invalid_request', undefined],
    DEFAULT_5XX: [undefined, 'server_error', undefined],
    MISSING_AUTHENTICATION_TOKEN: ['404', 'not_found', undefined],
    REQUEST_TOO_LARGE: [undefined, 'invalid_request', undefined],
    THROTTLED: [undefined, 'temporarily_unavailable', "'1'"],
    INTEGRATION_TIMEOUT: ['503', 'temporarily_unavailable', "'1'"],
  };

  test('are all there', () => {
    const types = stack
      .ofType('AWS::ApiGateway::GatewayResponse')
      .map(({ Properties }) => Properties['ResponseType']);
    assert.deepEqual(types.sort(), Object.keys(RESPONSES).sort());
  });

  for (const [type, [status, code, retryAfter]] of Object.entries(RESPONSES)) {
    test(`${type} is ${code} in JSON that no cache keeps (RFC 6749 §5.2)`, () => {
      const [response] = stack
        .ofType('AWS::ApiGateway::GatewayResponse')
        .filter(({ Properties }) => Properties['ResponseType'] === type);
      const { StatusCode, ResponseParameters, ResponseTemplates } = response?.Properties ?? {};
      assert.equal(StatusCode, status);
      assert.deepEqual(ResponseParameters, {
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.Pragma': "'no-cache'",
        ...(retryAfter === undefined ? {} : { 'gatewayresponse.header.Retry-After': retryAfter }),
      });
      const templates = ResponseTemplates as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(templates), ['application/json']);
      const body = JSON.parse(templates['application/json'] ?? '');
      assert.deepEqual(Object.keys(body), ['error', 'error_description']);
      assert.equal(body.error, code);
      assert.match(body.error_description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    });
  }
});

/** Which function answers which route. */
function routesOf({ ofType, named }: SynthesizedStack): Readonly<Record<string, unknown>> {
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
}
