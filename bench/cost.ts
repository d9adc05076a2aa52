import { markdownTable } from './markdown-table.ts';
import { PRICES } from './prices.ts';

const TOKENS = 1e6;

/** Of the functions, as the stack makes them. */
const MEMORY_GIGABYTES = 1;

/** What a warm token is billed for, in whole milliseconds: those with KMS wait for it. An assumption, not measured on AWS. */
const BILLED_SECONDS = { kms: 0.015, envelope: 0.003 };

/** A line of the request log, its line of the API's access log, and what Lambda writes around them. */
const LOG_BYTES = 1_500;

/** How many reads of DynamoDB a token waits for, and how many items they have, when no cache holds any of these. */
const READ_CALLS = 2;
const ITEMS = 3;

/** How the tokens of a deployed issuer are signed, and what KMS takes for one. */
const SIGNERS = [
  { name: 'KMS, RS256', signer: 'kms', signCalls: 1, sign: PRICES.kmsSignRsa2048 },
  { name: 'KMS, ES256', signer: 'kms', signCalls: 1, sign: PRICES.kmsSignElliptic },
  { name: 'envelope', signer: 'envelope', signCalls: 0, sign: 0 },
] as const;

/** What stands before the functions, and what it takes for a request. */
const FRONTS = [
  { name: 'REST API', request: PRICES.restApiRequest },
  { name: 'HTTP API', request: PRICES.httpApiRequest },
  { name: 'function URL', request: 0 },
] as const;

/** Dollars for a million tokens, by part. */
export interface Cost {
  readonly design: string;
  /** Calls of AWS, in millions. */
  readonly calls: number;
  readonly api: number;
  readonly lambda: number;
  readonly kms: number;
  readonly dynamodb: number;
  readonly logs: number;
  readonly total: number;
}

/** What a million tokens cost in each design, computed from the list prices. */
export function costs(): readonly Cost[] {
  return FRONTS.flatMap((front) =>
    SIGNERS.map(({ name, signer, signCalls, sign }) => {
      const parts = {
        api: TOKENS * front.request,
        lambda:
          TOKENS *
          (PRICES.lambdaRequest + BILLED_SECONDS[signer] * MEMORY_GIGABYTES * PRICES.lambdaGigabyteSecond),
        kms: TOKENS * sign,
        // Consistently read, which takes a unit each.
        dynamodb: TOKENS * ITEMS * PRICES.dynamodbReadUnit,
        logs: ((TOKENS * LOG_BYTES) / 1e9) * PRICES.logsGigabyte,
      };
      const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
      return { design: `${front.name}, ${name}`, calls: READ_CALLS + signCalls, ...parts, total };
    }),
  );
}

/** The table of costs, with Cognito's at its end. */
export function costTable(): string {
  const dollars = (amount: number) => `$${amount.toFixed(2)}`;
  const cognito = TOKENS * PRICES.cognitoTokenRequest;
  return markdownTable(
    ['design', 'AWS calls', 'API', 'Lambda', 'KMS', 'DynamoDB', 'logs', 'a million tokens', 'of Cognito'],
    [
      ...costs().map(({ design, calls, api, lambda, kms, dynamodb, logs, total }) => [
        design,
        `${calls} million`,
        ...[api, lambda, kms, dynamodb, logs, total].map(dollars),
        `1/${Math.round(cognito / total)}`,
      ]),
      ['Cognito, beside $6 a month for each client', '', '', '', '', '', '', dollars(cognito), '1'],
    ],
  );
}
