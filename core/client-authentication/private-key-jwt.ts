import type { Client } from '../client.ts';
import type { ClientJwk } from '../client-jwk.ts';
import { type DecodedJwt, decodeJwt } from '../jwt.ts';
import {
  CLIENT_ASSERTION_LIFETIME_MAX_SECONDS,
  CLIENT_ASSERTION_MAX_CHARACTERS,
  CLOCK_SKEW_SECONDS,
} from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import { replayKey } from '../replay-key.ts';
import { ASSERTION_ALGS, fitsAlgorithm, verifiesAssertion } from './assertion-algorithms.ts';
import { findClient, unknownClientIdSha256 } from './find-client.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { type ClientAuthenticationRefusal, clientAuthenticationFailed } from './refusal.ts';

const NAME = 'private_key_jwt';

/** How a request says that its assertion is a JWT (RFC 7523 §2.2). */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Assertions say what they are, or nothing (draft-ietf-oauth-rfc7523bis): no other JWT of the client's can pass for one. */
const TYPS: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'client-authentication+jwt']);

/** An assertion that the client signed with a private key of its own (RFC 7523 §2.2, RFC 7521 §4.2). */
export const privateKeyJwt: ClientAuthenticationMethod = {
  name: NAME,
  isPresented: ({ parameters }) =>
    parameters.get('client_assertion') !== undefined || parameters.get('client_assertion_type') !== undefined,
  async authenticate(request, { clients, identifier, replays, clock }, record) {
    const jwt = readAssertion(request);
    const { iss, sub, exp, jti } = jwt.claims;
    const presented = typeof sub === 'string' ? sub : '';
    const client = await findClient(presented, clients);
    // All of this is done for an unknown client too: only the look-up may tell it from another.
    const client_id_sha256 = unknownClientIdSha256(presented);
    const candidate = findKey(jwt, client);
    const key = typeof candidate === 'string' ? undefined : candidate;
    const isSigned = verifiesAssertion(key, jwt.header['alg'], jwt.signingInput, jwt.signature);
    const refusal = refusalOfHeader(jwt) ?? refusalOfClaims(jwt, identifier, clock());

    if (!client) {
      record.unknown_client_id_sha256 = client_id_sha256;
      throw clientAuthenticationFailed('unknown_client');
    }
    record.client_id = client.client_id;
    if (client.token_endpoint_auth_method !== NAME) throw clientAuthenticationFailed('method_not_registered');
    if (refusal) throw clientAuthenticationFailed(refusal);
    if (typeof candidate === 'string') throw clientAuthenticationFailed(candidate);
    if (!isSigned) throw clientAuthenticationFailed('assertion_wrong_signature');
    // Last, so that nobody but the client can use up what it may say once.
    const until = Math.ceil(Number(exp)) + CLOCK_SKEW_SECONDS;
    const isNew = await replays.remember(replayKey(NAME, String(iss), String(jti)), until);
    if (!isNew) throw clientAuthenticationFailed('assertion_replayed');
    return client;
  },
};

function readAssertion({ parameters }: OAuthRequest): DecodedJwt {
  const assertion = parameters.get('client_assertion');
  const type = parameters.get('client_assertion_type');
  if (assertion === undefined || type === undefined) {
    throw new OAuthError(
      'invalid_request',
      'client_assertion and client_assertion_type stand in the body together or not at all (RFC 7521 section 4.2)',
    );
  }
  if (type !== JWT_BEARER) throw clientAuthenticationFailed('unsupported_method');
  const jwt = assertion.length > CLIENT_ASSERTION_MAX_CHARACTERS ? undefined : decodeJwt(assertion);
  if (jwt) return jwt;
  throw clientAuthenticationFailed('assertion_malformed');
}

/** How a header names a key (RFC 7515 §4.1.4, §4.1.7, §4.1.8), the first of them that is there. */
const KEY_NAMES = ['kid', 'x5t#S256', 'x5t'] as const;

/** The key is one of the client's, by its name; `jwk`, `jku`, `x5u` and `x5c` are not even looked at (RFC 8725 §3.10). */
function findKey(
  { header }: DecodedJwt,
  client: Client | undefined,
): ClientJwk | 'assertion_unknown_key' | 'assertion_wrong_algorithm' {
  const keys = client?.jwks?.keys ?? [];
  const name = KEY_NAMES.find((candidate) => header[candidate] !== undefined);
  const named = name === undefined ? keys : keys.filter((key) => key[name] === header[name]);
  if (named.length === 0) return 'assertion_unknown_key';
  const [key, another] = named.filter((candidate) => fitsAlgorithm(candidate, header['alg']));
  if (!key) return 'assertion_wrong_algorithm';
  return another ? 'assertion_unknown_key' : key;
}

function refusalOfHeader({ header }: DecodedJwt): ClientAuthenticationRefusal | undefined {
  if (!TYPS.has(header['typ'])) return 'assertion_wrong_type';
  // No extension is understood here, so none can be critical (RFC 7515 §4.1.11).
  if (header['crit'] !== undefined) return 'assertion_malformed';
  return ASSERTION_ALGS.some((alg) => alg === header['alg']) ? undefined : 'assertion_wrong_algorithm';
}

/** The claims that RFC 7523 §3 asks for, with the audience as draft-ietf-oauth-rfc7523bis has it (CVE-2025-27370, CVE-2025-27371). */
function refusalOfClaims(
  { claims: { iss, sub, aud, exp, nbf, iat, jti } }: DecodedJwt,
  identifier: string,
  now: number,
): ClientAuthenticationRefusal | undefined {
  if (iss !== sub) return 'assertion_wrong_issuer';
  // One that is also for others could be theirs to present here.
  if (aud !== identifier) return 'assertion_wrong_audience';
  if (typeof exp !== 'number') return 'assertion_malformed';
  if (now >= exp + CLOCK_SKEW_SECONDS) return 'assertion_expired';
  if (exp > now + CLIENT_ASSERTION_LIFETIME_MAX_SECONDS + CLOCK_SKEW_SECONDS)
    return 'assertion_lives_too_long';
  for (const from of [nbf, iat]) {
    if (from === undefined) continue;
    if (typeof from !== 'number') return 'assertion_malformed';
    if (from > now + CLOCK_SKEW_SECONDS) return 'assertion_not_yet_valid';
  }
  return typeof jti === 'string' && jti !== '' ? undefined : 'assertion_malformed';
}
