import { genuineToken } from './genuine-token.ts';
import type { Credentials } from './registrations.ts';
import type { Suite } from './suite.ts';
import type { Answer } from './wire.ts';

const TYPE = 'urn:ietf:params:oauth:token-type:';

/** The token types that are exchanged (RFC 8693 §3). */
export const ACCESS_TOKEN = `${TYPE}access_token`;
export const JWT = `${TYPE}jwt`;

/** The grant type of token exchange (RFC 8693 §2.1). */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Exchanges tokens as the suite's clients do: those for `orders` and `ledger`, as a rule for one for `returns`. */
export interface Exchange {
  /** Gets a token that can be exchanged. */
  subjectToken(client?: Credentials): Promise<string>;
  /** Exchanges it, as `exchanger` unless another is named. */
  exchange(
    subject_token: string,
    parameters?: Readonly<Record<string, string>>,
    client?: Credentials,
  ): Promise<Answer>;
}

/** Makes the requests of token exchange for a suite. */
export function exchangeOf(suite: () => Suite): Exchange {
  return {
    async subjectToken(client = suite().clients.shop) {
      return (await genuineToken(suite(), client, suite().resources.orders)).token;
    },
    exchange: (subject_token, parameters = {}, client = suite().clients.exchanger) =>
      suite().postAs(client, 'token_endpoint', {
        grant_type: TOKEN_EXCHANGE,
        subject_token,
        subject_token_type: ACCESS_TOKEN,
        resource: suite().resources.returns,
        ...parameters,
      }),
  };
}
