import * as v from 'valibot';
import {
  ASSERTION_ALGS,
  fitsAlgorithm,
  publicKeyObject,
  verifiesAssertion,
} from '../client-authentication/assertion-algorithms.ts';
import type { Issuer } from '../issuer.ts';
import { type ClientJwk, ClientJwkSchema } from '../jose/client-jwk.ts';
import { thumbprint } from '../jose/json-web-key-thumbprint.ts';
import { type DecodedJwt, decodeJwt } from '../jose/jwt.ts';
import { type PublicJwk, PublicJwkSchema } from '../jose/signing-key.ts';
import {
  CLOCK_SKEW_SECONDS,
  DPOP_JTI_MAX_CHARACTERS,
  DPOP_PROOF_LIFETIME_SECONDS,
  DPOP_PROOF_MAX_CHARACTERS,
} from '../limits.ts';
import { ENDPOINT_PATHS } from '../metadata.ts';
import { normalizeHttpUri } from './http-uri.ts';

/** The media type of a proof, as its `typ` has it (RFC 9449 §4.2): no other JWT that a client signs can pass for one. */
const DPOP_PROOF_TYP = 'dpop+jwt';

/** A proof that the client has a key (RFC 9449 §4.2), as far as it is not known yet whether it is used again. */
export interface DpopProof {
  /** The thumbprint of the key (RFC 7638). */
  readonly jkt: string;
  readonly jti: string;
  /** What it has as the issuer's nonce, unchecked. */
  readonly nonce: unknown;
  /** Seconds since the epoch: from then on nobody takes it. */
  readonly goodUntil: number;
}

/** Why a proof is not taken. */
export type DpopProofRefusal =
  | 'proof_malformed'
  | 'proof_wrong_type'
  | 'proof_wrong_algorithm'
  | 'proof_wrong_key'
  | 'proof_wrong_signature'
  | 'proof_wrong_method'
  | 'proof_wrong_uri'
  | 'proof_expired'
  | 'proof_not_yet_valid'
  | 'proof_missing'
  | 'proof_replayed';

/**
 * Reads the proof of a token request by all checks of RFC 9449 §4.3 but those that ask the issuer's memory: for its nonce, and for
 * whether the proof was used before. Says why it is none otherwise.
 *
 * @param header the DPoP header: two of them come joined by a comma, which no JWT has
 */
export function readDpopProof(
  header: string,
  { identifier, mutualTlsUrl = identifier, clock }: Pick<Issuer, 'identifier' | 'mutualTlsUrl' | 'clock'>,
): DpopProof | DpopProofRefusal {
  const jwt = header.length > DPOP_PROOF_MAX_CHARACTERS ? undefined : decodeJwt(header);
  // No extension is understood here, so none can be critical (RFC 7515 §4.1.11).
  if (!jwt || jwt.header['crit'] !== undefined) return 'proof_malformed';
  if (jwt.header['typ'] !== DPOP_PROOF_TYP) return 'proof_wrong_type';
  // Where clients show certificates the endpoint has an alias, which then is what they call (RFC 8705 §5).
  const endpoints = [identifier, mutualTlsUrl].map((url) => url + ENDPOINT_PATHS.token_endpoint);
  const claims = readClaims(jwt, endpoints, clock());
  if (typeof claims === 'string') return claims;
  const jwk = readKey(jwt);
  if (typeof jwk === 'string') return jwk;
  const { alg } = jwt.header;
  if (!verifiesAssertion(jwk, alg, jwt.signingInput, jwt.signature)) return 'proof_wrong_signature';
  return { ...claims, jkt: thumbprint(jwk) };
}

function readClaims(
  { claims: { htm, htu, iat, jti, nonce } }: DecodedJwt,
  endpoints: readonly string[],
  now: number,
): Omit<DpopProof, 'jkt'> | DpopProofRefusal {
  if (htm !== 'POST') return 'proof_wrong_method';
  if (typeof htu !== 'string') return 'proof_wrong_uri';
  const target = normalizeHttpUri(htu);
  if (!endpoints.some((endpoint) => normalizeHttpUri(endpoint) === target)) return 'proof_wrong_uri';
  if (typeof iat !== 'number') return 'proof_malformed';
  const goodUntil = Math.ceil(iat) + DPOP_PROOF_LIFETIME_SECONDS + CLOCK_SKEW_SECONDS;
  if (now >= goodUntil) return 'proof_expired';
  if (iat > now + CLOCK_SKEW_SECONDS) return 'proof_not_yet_valid';
  if (typeof jti !== 'string' || jti === '' || jti.length > DPOP_JTI_MAX_CHARACTERS) return 'proof_malformed';
  return { jti, nonce, goodUntil };
}

function readKey({ header }: DecodedJwt): ClientJwk | DpopProofRefusal {
  if (!ASSERTION_ALGS.some((alg) => alg === header['alg'])) return 'proof_wrong_algorithm';
  const jwk = v.safeParse(ClientJwkSchema, header['jwk']);
  if (!jwk.success || !fitsAlgorithm(jwk.output, header['alg'])) return 'proof_wrong_key';
  return isCanonical(jwk.output) ? jwk.output : 'proof_wrong_key';
}

/** A key that could be spelt in two ways would have two thumbprints (RFC 7638 §7), and a token be bound to one of them. */
function isCanonical(jwk: ClientJwk): boolean {
  const canonical: PublicJwk = v.parse(PublicJwkSchema, publicKeyObject(jwk).export({ format: 'jwk' }));
  return thumbprint(canonical) === thumbprint(jwk);
}
