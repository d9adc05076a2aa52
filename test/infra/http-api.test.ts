import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SynthesizedStack, synthesize } from '../support/synthesized-stack.ts';

const stack = synthesize();
const API = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<httpApi>';

test('every endpoint has its route, whatever the method, and all else goes to not-found', () => {
  assert.deepEqual(routesOf(stack), {
    'ANY /token': 'Token',
    'ANY /introspect': 'Introspection',
    'ANY /revoke': 'Revocation',
    'ANY /.well-known/jwks.json': 'Jwks',
    'ANY /.well-known/oauth-authorization-server': 'Metadata',
    'ANY /.well-known/openid-configuration': 'Metadata',
    $default: 'NotFound',
  });
});

test('an issuer with a path is served behind it, its metadata also before it (RFC 8414 §3.1)', () => {
  const routes = routesOf(synthesize({ issuer: 'https://example.com/auth' }));
  assert.deepEqual(routes, {
    'ANY /auth/token': 'Token',
    'ANY /auth/introspect': 'Introspection',
    'ANY /auth/revoke': 'Revocation',
    'ANY /auth/.well-known/jwks.json': 'Jwks',
    'ANY /.well-known/oauth-authorization-server/auth': 'Metadata',
    'ANY /auth/.well-known/oauth-authorization-server': 'Metadata',
    'ANY /.well-known/openid-configuration/auth': 'Metadata',
    'ANY /auth/.well-known/openid-configuration': 'Metadata',
    $default: 'NotFound',
  });
});

test('the API may call each function for its own routes only', () => {
  const granted = stack
    .ofType('AWS::Lambda::Permission')
    .map(({ Properties: { FunctionName, Principal, SourceArn } }) => [FunctionName, Principal, SourceArn]);
  const grant = (name: string, path: string) => [
    `<${name}.Arn>`,
    'apigateway.amazonaws.com',
    `${API}/*/*${path}`,
  ];
  assert.deepEqual(
    new Set(granted.map(String)),
    new Set(
      [
        grant('Token', '/token'),
        grant('Introspection', '/introspect'),
        grant('Revocation', '/revoke'),
        grant('Jwks', '/.well-known/jwks.json'),
        grant('Metadata', '/.well-known/oauth-authorization-server'),
        grant('Metadata', '/.well-known/openid-configuration'),
        grant('NotFound', ''),
      ].map(String),
    ),
  );
});

test('functions get events of payload version 2.0', () => {
  for (const { Properties } of stack.ofType('AWS::ApiGatewayV2::Integration')) {
    assert.equal(Properties['PayloadFormatVersion'], '2.0');
    assert.equal(Properties['IntegrationType'], 'AWS_PROXY');
  }
});

test('the stage throttles at what KMS signs, and logs nothing that may hold a credential', () => {
  const { AccessLogSettings, DefaultRouteSettings, StageName } = stack.named('httpStage').Properties;
  assert.equal(StageName, '$default');
  assert.deepEqual(DefaultRouteSettings, { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 1_000 });
  const { DestinationArn, Format } = AccessLogSettings as { DestinationArn: string; Format: string };
  assert.equal(DestinationArn, '<httpAccessLog.Arn>');
  assert.deepEqual(JSON.parse(Format), {
    time: '$context.requestTime',
    request_id: '$context.requestId',
    source_ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    route: '$context.routeKey',
    status: '$context.status',
    latency_ms: '$context.responseLatency',
  });
});

test('the throttle can be chosen', () => {
  const { named } = synthesize({ throttle: { rateLimit: 20, burstLimit: 40 } });
  assert.deepEqual(named('httpStage').Properties['DefaultRouteSettings'], {
    ThrottlingRateLimit: 20,
    ThrottlingBurstLimit: 40,
  });
});

test('without another identifier the issuer is the URL of the API', () => {
  const url = 'https://<httpApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>';
  assert.deepEqual(stack.outputs, {
    SignetIssuer: { Value: url },
    SignetTokenEndpoint: { Value: `${url}/token` },
    SignetJwksUri: { Value: `${url}/.well-known/jwks.json` },
    SignetApiEndpoint: { Value: url },
    SignetClientsTable: { Value: '<TablesClients>' },
    SignetKeysTable: { Value: '<TablesKeys>' },
    SignetTokensTable: { Value: '<TablesTokens>' },
  });
  assert.equal(stack.environment('Token')['SIGNET_ISSUER'], url);
  assert.equal(stack.named('httpApi').Properties['DisableExecuteApiEndpoint'], false);
});

test('an identifier that was chosen is the one of tokens and metadata', () => {
  const chosen = synthesize({ issuer: 'https://example.com/auth' });
  assert.equal(chosen.environment('Token')['SIGNET_ISSUER'], 'https://example.com/auth');
  assert.equal(chosen.outputs['SignetTokenEndpoint']?.Value, 'https://example.com/auth/token');
});

/** Which function answers which route. */
function routesOf({ ofType, named }: SynthesizedStack): Readonly<Record<string, unknown>> {
  const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties: { RouteKey, Target } }) => {
    const [, integration = ''] = /^integrations\/<(.+)>$/.exec(String(Target)) ?? [];
    const [, name] = /^<(.+)\.Arn>$/.exec(String(named(integration).Properties['IntegrationUri'])) ?? [];
    return [RouteKey, name];
  });
  return Object.fromEntries(routes);
}
