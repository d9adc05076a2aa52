import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { synthesize, type TemplateResource } from '../support/synthesized-stack.ts';

/** How each kind of API says the same of its stage. */
const STAGES = {
  http: {
    stage: 'httpStage',
    name: '$default',
    path: '',
    requestId: '$context.requestId',
    route: '$context.routeKey',
    format: ({ Properties }: TemplateResource) => Properties['AccessLogSettings'],
    throttle: (ThrottlingRateLimit: number, ThrottlingBurstLimit: number) => ({
      DefaultRouteSettings: { ThrottlingRateLimit, ThrottlingBurstLimit },
    }),
  },
  rest: {
    stage: 'restApiDeploymentStageprod',
    name: 'prod',
    path: '/prod',
    requestId: '$context.extendedRequestId',
    route: '$context.resourcePath',
    format: ({ Properties }: TemplateResource) => Properties['AccessLogSetting'],
    throttle: (ThrottlingRateLimit: number, ThrottlingBurstLimit: number) => ({
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          DataTraceEnabled: false,
          ThrottlingRateLimit,
          ThrottlingBurstLimit,
        },
      ],
    }),
  },
};
const CHOSEN = { issuer: 'https://example.com/auth', throttle: { rateLimit: 20, burstLimit: 40 } };

for (const api of ['http', 'rest'] as const) {
  describe(`the stage of the ${api} API`, () => {
    const { stage, name, path, requestId, route, format, throttle } = STAGES[api];
    const stack = synthesize({ api });
    const chosen = synthesize({ api, ...CHOSEN });

    test('has a name that is not made up', () => {
      assert.equal(stack.named(stage).Properties['StageName'], name);
    });

    test('throttles at what KMS signs, unless told otherwise', () => {
      assert.partialDeepStrictEqual(stack.named(stage).Properties, throttle(1_000, 1_000));
      assert.partialDeepStrictEqual(chosen.named(stage).Properties, throttle(20, 40));
    });

    test('logs each request without anything that may hold a credential', () => {
      const { Format } = format(stack.named(stage)) as { readonly Format: string };
      assert.deepEqual(JSON.parse(Format), {
        time: '$context.requestTime',
        request_id: requestId,
        source_ip: '$context.identity.sourceIp',
        method: '$context.httpMethod',
        route,
        status: '$context.status',
        latency_ms: '$context.responseLatency',
      });
    });

    const url = `https://<${api}Api>.execute-api.<AWS::Region>.<AWS::URLSuffix>${path}`;
    const tables = {
      SignetClientsTable: { Value: '<TablesClients>' },
      SignetKeysTable: { Value: '<TablesKeys>' },
      SignetTokensTable: { Value: '<TablesTokens>' },
    };

    for (const [whose, { outputs, environment }, issuer] of [
      ['its URL', stack, url],
      ['what was chosen', chosen, CHOSEN.issuer],
    ] as const) {
      test(`makes an issuer that is ${whose}, to its functions and in the outputs`, () => {
        assert.equal(environment('Token')['SIGNET_ISSUER'], issuer);
        assert.deepEqual(outputs, {
          SignetIssuer: { Value: issuer },
          SignetTokenEndpoint: { Value: `${issuer}/token` },
          SignetJwksUri: { Value: `${issuer}/.well-known/jwks.json` },
          SignetApiEndpoint: { Value: url },
          ...tables,
          SignetSigningKeyTag: { Value: '<TablesKeys>' },
        });
      });
    }
  });
}
