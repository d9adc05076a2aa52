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
import { executeApiUrl, type IssuerApi, type IssuerApiProps } from './issuer-api.ts';

/** The issuer's API as an HTTP API. Its own errors (429, 413, 503) are JSON, but not in OAuth's form: they cannot be changed. */
export class HttpIssuerApi extends Construct implements IssuerApi {
  readonly apiId: string;
  readonly stageName = '$default';
  readonly url: string;
  readonly #api: HttpApi;
  readonly #integrations = new Map<IFunction, HttpLambdaIntegration>();

  constructor(scope: Construct, id: string, { throttle, logKeeping, ownUrl }: IssuerApiProps) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api', {
      apiName: this.node.path,
      createDefaultStage: false,
      disableExecuteApiEndpoint: !ownUrl,
    });
    this.apiId = this.#api.apiId;
    this.url = executeApiUrl(this, this.apiId);
    new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      stageName: this.stageName,
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'AccessLog', logKeeping)),
        format: accessLogFormat('$context.routeKey'),
      },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The endpoints are public documents, or authenticate clients themselves as RFC 6749 has it.',
    });
  }

  route(path: string, endpoint: IFunction): void {
    const integration =
      this.#integrations.get(endpoint) ?? new HttpLambdaIntegration(endpoint.node.id, endpoint);
    this.#integrations.set(endpoint, integration);
    new HttpRoute(this, path, {
      httpApi: this.#api,
      routeKey: path === EVERY_OTHER_PATH ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, HttpMethod.ANY),
      integration,
    });
  }
}
