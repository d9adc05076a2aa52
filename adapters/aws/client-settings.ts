/** Each try is soon given up for another: DynamoDB and KMS answer in milliseconds or, as a rule, not at all. */
const ATTEMPTS = 3;
const CONNECT_TIMEOUT_MILLISECONDS = 500;
const REQUEST_TIMEOUT_MILLISECONDS = 1_500;

/**
 * What the AWS SDK clients are made with: their own defaults would wait for a dead dependency longer than API Gateway waits for us.
 *
 * A request makes at most three calls that wait for each other, and one more each for an assertion, a proof and a nonce. Each makes
 * three tries of 1.5 seconds: three such calls, with the pauses between the tries, and the one try of an operator's hook take less than
 * the 20 seconds that a function may run, and those are less than API Gateway's 29.
 */
export const AWS_CLIENT_SETTINGS = {
  maxAttempts: ATTEMPTS,
  requestHandler: {
    connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
    requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    throwOnRequestTimeout: true,
  },
} as const;
