import { verifiesAssertion } from '../client-authentication/assertion-algorithms.ts';
import type { Clock } from '../clock.ts';
import type { FoundKey, KeyRefusal } from '../jose/find-key.ts';
import type { DecodedJwt } from '../jose/jwt.ts';
import { type HeaderRefusal, refusalOfHeader, refusalOfTimes, type TimeRefusal } from '../jose/jwt-checks.ts';
import type { JsonDocumentReader } from '../ports/json-document-reader.ts';
import { discoverJwksUri } from './issuer-discovery.ts';
import { findRemoteKey } from './remote-jwks.ts';

/** What a JWT of another issuer has to be. */
export interface ForeignJwtExpectation {
  /** The issuer that is trusted, as its tokens and its metadata spell it. */
  readonly issuer: string;
  /** The audience that it has to be for, and no other beside; undefined where it may be for anyone. */
  readonly audience: string | undefined;
  /** What its `typ` may be: undefined for none. An access token is `at+jwt` (RFC 9068 §2.1), and may not pass for anything else. */
  readonly typs: ReadonlySet<unknown>;
  /** For how long from now it may be good at most; undefined where it may be for ever. */
  readonly lifetimeMaxSeconds: number | undefined;
}

/** Why a JWT is not what was expected. */
export type ForeignJwtRefusal =
  | HeaderRefusal
  | TimeRefusal
  | KeyRefusal
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'wrong_signature';

/** What a JWT of a trusted issuer says, or why it is none; with what made it fail, for the log. */
export type ForeignJwt =
  | { readonly claims: DecodedJwt['claims']; readonly refusal?: undefined; readonly cause?: undefined }
  | { readonly claims?: undefined; readonly refusal: ForeignJwtRefusal; readonly cause?: unknown };

/**
 * Verifies a JWT that another issuer made, by the keys that this issuer publishes. Nobody's keys are fetched for one that would be
 * refused all the same; and one that is takes as much work, but for fetching.
 *
 * It may be presented again: what such issuers make is reused until it expires.
 */
export async function verifyForeignJwt(
  jwt: DecodedJwt,
  expected: ForeignJwtExpectation,
  { documents, clock }: { readonly documents: JsonDocumentReader; readonly clock: Clock },
): Promise<ForeignJwt> {
  const refused = refusalOfContent(jwt, expected, clock());
  const found: FoundKey | undefined = refused
    ? undefined
    : await findRemoteKey(jwt, discoverJwksUri(expected.issuer, documents), documents);
  const isSigned = verifiesAssertion(found?.key, jwt.header['alg'], jwt.signingInput, jwt.signature);
  const refusal = refused ?? found?.refusal;
  if (refusal) return { refusal, cause: found?.cause };
  return isSigned ? { claims: jwt.claims } : { refusal: 'wrong_signature' };
}

function refusalOfContent(
  jwt: DecodedJwt,
  { issuer, audience, typs, lifetimeMaxSeconds }: ForeignJwtExpectation,
  now: number,
): ForeignJwtRefusal | undefined {
  if (jwt.claims['iss'] !== issuer) return 'wrong_issuer';
  if (audience !== undefined && !isAudience(jwt.claims['aud'], audience)) return 'wrong_audience';
  return refusalOfHeader(jwt, typs) ?? refusalOfTimes(jwt, lifetimeMaxSeconds, now);
}

/** Tells whether an `aud` is one audience and no other (RFC 7519 §4.1.3): some issuers write a list always. */
export function isAudience(aud: unknown, audience: string): boolean {
  return aud === audience || (Array.isArray(aud) && aud.length === 1 && aud[0] === audience);
}
