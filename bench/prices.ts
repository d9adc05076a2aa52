/**
 * List prices in US dollars, of us-east-1 where they differ by Region, without the free tiers and the discounts for large numbers; looked up
 * on the day below, in copies of the price pages. Auth0 and Microsoft Entra sell tokens for machines within plans and have no price of one.
 */
export const PRICES = {
  date: '2026-11-25',
  httpApiRequest: 1 / 1e6,
  restApiRequest: 3.5 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** On arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  kmsSignRsa2048: 0.03 / 1e4,
  kmsSignElliptic: 0.15 / 1e4,
  /** On demand. */
  dynamodbReadUnit: 0.125 / 1e6,
  logsGigabyte: 0.5,
  cognitoTokenRequest: 2.25 / 1e3,
  cognitoClientMonth: 6,
} as const;
