import { verifyForeignJwt } from '../federation/foreign-jwt.ts';
import { decodeJwt } from '../jose/jwt.ts';
import type { JsonObject } from '../json-object.ts';
import { SOFTWARE_STATEMENT_MAX_CHARACTERS } from '../limits.ts';
import { invalidClientMetadata } from '../management/invalid-client-metadata.ts';
import { OAuthError } from '../oauth-error.ts';
import type { Registrar } from './registration-endpoint.ts';
import type { RegistrationPolicy } from './registration-policy.ts';

/** Statements say that they are JWTs, or nothing: no type is registered for them. */
const TYPS: ReadonlySet<unknown> = new Set(['JWT', undefined]);

/** Claims that are of the statement, and say nothing of the client (RFC 7519 §4.1). */
const CLAIMS_OF_STATEMENT = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/** A registration document with what its software statement says in it, and the statement. */
export interface StatedDocument {
  readonly document: JsonObject;
  readonly software_statement?: string;
}

/**
 * Puts what a software statement says into the registration document that it came in (RFC 7591 §2.3): it counts before what the
 * document says itself.
 *
 * @throws OAuthError `invalid_software_statement`; `unapproved_software_statement` when the policy does not trust its issuer;
 * `invalid_client_metadata` when the policy asks for one and there is none (RFC 7591 §3.2.2)
 */
export async function applySoftwareStatement(
  { software_statement: statement = null, ...document }: JsonObject,
  policy: RegistrationPolicy,
  registrar: Registrar,
): Promise<StatedDocument> {
  if (statement === null) {
    if (!policy.software_statement_required) return { document };
    throw invalidClientMetadata('software_statement: the initial access token asks for one');
  }
  const trusted = policy.software_statement_issuers ?? [];
  if (trusted.length === 0)
    throw unapproved('the issuer trusts no issuer of software statements: leave it out');
  const jwt =
    typeof statement === 'string' && statement.length <= SOFTWARE_STATEMENT_MAX_CHARACTERS
      ? decodeJwt(statement)
      : undefined;
  if (!jwt) throw invalid('malformed');
  const issuer = trusted.find((candidate) => candidate === jwt.claims['iss']);
  if (issuer === undefined)
    throw unapproved('the issuer of the software statement is none that is trusted here');
  const audience = jwt.claims['aud'] === undefined ? undefined : registrar.identifier;
  // A statement is of software, which has no end; where it says one it counts.
  const expected = { issuer, audience, typs: TYPS, lifetimeMaxSeconds: undefined };
  const { refusal, cause } = await verifyForeignJwt(jwt, expected, registrar);
  if (refusal) throw invalid(refusal, cause);
  // What other JWTs of its issuer lack, so that none of these can pass for a statement.
  if (typeof jwt.claims['software_id'] !== 'string') throw invalid('no_software_id');
  const said = Object.entries(jwt.claims).filter(([name]) => !CLAIMS_OF_STATEMENT.has(name));
  return { document: { ...document, ...Object.fromEntries(said) }, software_statement: String(statement) };
}

function invalid(reason: string, cause?: unknown): OAuthError {
  return new OAuthError(
    'invalid_software_statement',
    'the software statement is no JWT with a software_id that its issuer signed and that is good now (RFC 7591 section 2.3)',
    { reason: `statement_${reason}`, cause },
  );
}

function unapproved(description: string): OAuthError {
  return new OAuthError('unapproved_software_statement', description);
}
