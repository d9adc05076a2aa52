import { Validations } from 'aws-cdk-lib';
import {
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
  type Stage,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogFormat } from './access-log.ts';
import { EVERY_OTHER_PATH } from './endpoints.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import {
  type ApiMetrics,
  executeApiUrl,
  type IssuerApi,
  type IssuerApiProps,
  NO_AUTHORIZER_REASON,
} from './issuer-api.ts';

/** Its name is in the URL, so it cannot be the reference to the stage: the stage waits for the functions, and they know the URL. */
const STAGE = 'prod';

const ACKNOWLEDGED = {
  'AwsSolutions-APIG2':
    'The functions check requests, and answer what is wrong with them as RFC 6749 §5.2 has it.',
  'AwsSolutions-APIG3': 'Which WAF stands before the issuer, if any, is for its operator to say.',
  'AwsSolutions-APIG4': NO_AUTHORIZER_REASON,
  'AwsSolutions-COG4': NO_AUTHORIZER_REASON,
  'AwsSolutions-APIG6':
    'Execution logs can hold credentials, and go to a log group that no stack owns; the access log and the request log have every request.',
};

/** API Gateway may write logs of REST APIs only by a role that is set for the whole account and region. */
const ACKNOWLEDGED_OF_LOG_ROLE = {
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
    "The account's log role is for all of its REST APIs, so it has the policy that AWS made for that.",
};

/** A throw-away stack leaves the log role of the account alone, for it would take it along; so its API has no access log. */
const ACKNOWLEDGED_OF_THROW_AWAY = {
  'AwsSolutions-APIG1':
    'An access log needs a role for the whole account, which no throw-away stack should change.',
};

/** The issuer's API as a REST API, behind the path of its stage. */
export class RestIssuerApi extends Construct implements IssuerApi {
  readonly apiId: string;
  readonly stage: Stage;
  readonly url: string;
  readonly #api: RestApi;

  constructor(scope: Construct, id: string, props: IssuerApiProps) {
    super(scope, id);
    this.#api = new RestApi(this, 'Api', {
      restApiName: this.node.path,
      endpointTypes: [EndpointType.REGIONAL],
      disableExecuteApiEndpoint: !props.ownUrl,
      cloudWatchRole: !props.throwAway,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: props.throttle.rateLimit,
        throttlingBurstLimit: props.throttle.burstLimit,
        ...this.#accessLog(props),
      },
    });
    // CDK's own output is one URL more, and wrong when the API has a domain.
    this.#api.node.tryRemoveChild('Endpoint');
    this.apiId = this.#api.restApiId;
    this.url = `${executeApiUrl(this, this.apiId)}/${STAGE}`;
    this.stage = this.#api.deploymentStage;
    addGatewayResponses(this.#api);
    const acknowledged = {
      ...ACKNOWLEDGED,
      ...(props.throwAway ? ACKNOWLEDGED_OF_THROW_AWAY : ACKNOWLEDGED_OF_LOG_ROLE),
    };
    for (const [rule, reason] of Object.entries(acknowledged)) {
      Validations.of(this).acknowledge({ id: rule, reason });
    }
  }

  get metrics(): ApiMetrics {
    return this.#api;
  }

  route(paths: readonly string[], endpoint: IFunction): void {
    const integration = new LambdaIntegration(endpoint, { allowTestInvoke: false });
    for (const resource of paths.flatMap((path) => this.#resources(path))) {
      resource.addMethod('ANY', integration);
    }
  }

  #resources(path: string): readonly IResource[] {
    const { root } = this.#api;
    return path === EVERY_OTHER_PATH ? [root, root.addResource('{proxy+}')] : [root.resourceForPath(path)];
  }

  #accessLog({ throwAway, logKeeping }: IssuerApiProps): StageOptions {
    if (throwAway) return {};
    return {
      accessLogDestination: new LogGroupLogDestination(new LogGroup(this, 'AccessLog', logKeeping)),
      accessLogFormat: accessLogFormat({
        requestId: '$context.extendedRequestId',
        route: '$context.resourcePath',
      }),
    };
  }
}
