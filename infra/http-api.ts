import { Validations } from 'aws-cdk-lib';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogFormat } from './access-log.ts';
import { EVERY_OTHER_PATH } from './endpoints.ts';
import {
  type ApiMetrics,
  executeApiUrl,
  type IssuerApi,
  type IssuerApiProps,
  NO_AUTHORIZER_REASON,
} from './issuer-api.ts';

/** The issuer's API as an HTTP API. Its own errors (429, 413, 503) are JSON, but not in OAuth's form: they cannot be changed. */
export class HttpIssuerApi extends Construct implements IssuerApi {
  readonly apiId: string;
  readonly stage: HttpStage;
  readonly url: string;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { throttle, logKeeping, ownUrl }: IssuerApiProps) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api', {
      apiName: this.node.path,
      createDefaultStage: false,
      disableExecuteApiEndpoint: !ownUrl,
    });
    this.apiId = this.#api.apiId;
    this.url = executeApiUrl(this, this.apiId);
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'AccessLog', logKeeping)),
        format: accessLogFormat({ requestId: '$context.requestId', route: '$context.routeKey' }),
      },
    });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-APIG4', reason: NO_AUTHORIZER_REASON });
  }

  get metrics(): ApiMetrics {
    return this.#api;
  }

  route(paths: readonly string[], endpoint: IFunction): void {
    const integration = new HttpLambdaIntegration(endpoint.node.id, endpoint);
    for (const path of paths) {
      const routeKey =
        path === EVERY_OTHER_PATH ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, HttpMethod.ANY);
      new HttpRoute(this, path, { httpApi: this.#api, routeKey, integration });
    }
  }
}
