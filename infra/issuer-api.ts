import { Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import type { LogKeeping } from './issuer-function.ts';
import type { Throttle } from './token-issuer-props.ts';

/** The API in front of the functions, of either kind. */
export interface IssuerApi {
  readonly apiId: string;
  readonly stage: IConstruct & { readonly stageName: string };
  /** Where the API is by itself, without a trailing slash. */
  readonly url: string;
  /** What CloudWatch counts of it, also of requests that reach no function. */
  readonly metrics: ApiMetrics;
  /** Has a function answer requests for these paths, whatever their method; `EVERY_OTHER_PATH` is a path too. */
  route(paths: readonly string[], endpoint: IFunction): void;
}

/** The metrics that both kinds of API have, under names of their own. */
export type ApiMetrics = Pick<
  HttpApi,
  'metricCount' | 'metricClientError' | 'metricServerError' | 'metricLatency'
>;

/** What both kinds of API are made with. */
export interface IssuerApiProps {
  readonly throttle: Throttle;
  readonly logKeeping: LogKeeping;
  readonly throwAway: boolean;
  /** Whether the API answers at its own URL, and not only at a domain. */
  readonly ownUrl: boolean;
}

/** Why no route has an authorizer. */
export const NO_AUTHORIZER_REASON =
  'The endpoints are public documents, or authenticate clients themselves as RFC 6749 §2.3 has it.';

/** Where an API is by itself: made of its id, so that nothing that knows the URL has to wait for the stage. */
export function executeApiUrl(scope: Construct, apiId: string): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `https://${apiId}.execute-api.${region}.${urlSuffix}`;
}
