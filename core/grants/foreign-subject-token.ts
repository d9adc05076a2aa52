import * as v from 'valibot';
import { matchesSubject } from '../federation/federated-credential.ts';
import { isAudience, verifyForeignJwt } from '../federation/foreign-jwt.ts';
import type { ForeignSubject } from '../federation/foreign-subject.ts';
import { type DecodedJwt, decodeJwt } from '../jose/jwt.ts';
import {
  CLIENT_ASSERTION_MAX_CHARACTERS,
  FOREIGN_JTI_MAX_CHARACTERS,
  FOREIGN_JWT_LIFETIME_MAX_SECONDS,
} from '../limits.ts';
import type { GrantPorts } from './grant.ts';
import { refusedToken, type SubjectToken } from './presented-token.ts';

/** What tokens of others say they are: access tokens (RFC 9068 §2.1), JWTs, or nothing. */
const TYPS: ReadonlySet<unknown> = new Set(['at+jwt', 'application/at+jwt', 'JWT', undefined]);

/** A `jti` that the log can have as it is. */
const JtiSchema = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/), v.maxLength(FOREIGN_JTI_MAX_CHARACTERS));

/** What says more of a token than can be told in one of ours: to whom it is bound, who acted, and who may. */
const CLAIMS_OF_OTHERS = ['cnf', 'act', 'may_act'];

/**
 * Reads a token as a JWT of another issuer that the client trusts; undefined when it is none, by what it says itself. One of this
 * issuer is never foreign, whoever lists it: what is revoked here would be good there.
 */
export function readForeignToken(
  token: string,
  trusted: readonly ForeignSubject[],
  identifier: string,
): DecodedJwt | undefined {
  if (trusted.length === 0 || token.length > CLIENT_ASSERTION_MAX_CHARACTERS) return undefined;
  const jwt = decodeJwt(token);
  const iss = jwt?.claims['iss'];
  return iss !== identifier && trusted.some(({ issuer }) => issuer === iss) ? jwt : undefined;
}

/**
 * Verifies the token of another issuer, and tells whom its subject is here and until when it is good.
 *
 * @throws OAuthError `invalid_request` for whatever is wrong with it (RFC 8693 §2.2.2)
 */
export async function verifyForeignToken(
  jwt: DecodedJwt,
  trusted: readonly ForeignSubject[],
  issuer: GrantPorts,
): Promise<SubjectToken> {
  const { iss, aud, sub, exp, jti } = jwt.claims;
  const entry = trusted.find(
    (candidate) =>
      candidate.issuer === iss &&
      isAudience(aud, candidate.audience ?? issuer.identifier) &&
      matchesSubject(candidate, sub),
  );
  if (!entry) throw refusedToken('subject_token', 'not_for_client');
  if (CLAIMS_OF_OTHERS.some((name) => jwt.claims[name] !== undefined)) {
    throw refusedToken('subject_token', 'bound');
  }
  const expected = {
    issuer: entry.issuer,
    audience: entry.audience ?? issuer.identifier,
    typs: TYPS,
    lifetimeMaxSeconds: FOREIGN_JWT_LIFETIME_MAX_SECONDS,
  };
  const { refusal, cause } = await verifyForeignJwt(jwt, expected, issuer);
  if (refusal) throw refusedToken('subject_token', refusal, cause);
  const expiresAt = Math.floor(Number(exp));
  // A token that is good by the skew of a clock alone leaves the new one no time to live.
  if (expiresAt <= issuer.clock()) throw refusedToken('subject_token', 'expired');
  return {
    sub: entry.local_subject,
    exp: expiresAt,
    // Its own is that of this issuer, or of the client: it is for no resource, and its scope says nothing of ours.
    aud: [],
    ...(v.is(JtiSchema, jti) ? { jti } : {}),
  };
}
