import type { Confirmation } from '../access-token/confirmation.ts';
import type { Client } from '../client.ts';
import type { Issuer } from '../issuer.ts';
import { DPOP_JTI_MAX_CHARACTERS } from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import { replayKey } from '../replay-key.ts';
import type { ResponseHeaders } from '../response-headers.ts';
import type { DpopNonces } from './dpop-nonces.ts';
import { type DpopProof, type DpopProofRefusal, readDpopProof } from './dpop-proof.ts';

/** What the caller is told of each refusal; it is an authenticated client, to whom its own faults are no secret. */
const DESCRIPTIONS: Readonly<Record<DpopProofRefusal, string>> = {
  proof_malformed: `the DPoP header is not one signed JWT with htm, htu, iat and a jti of at most ${DPOP_JTI_MAX_CHARACTERS} characters`,
  proof_wrong_type: 'the typ of the DPoP proof is not dpop+jwt',
  proof_wrong_algorithm: 'the alg of the DPoP proof is none of dpop_signing_alg_values_supported',
  proof_wrong_key: 'the jwk of the DPoP proof is not a public key that its alg can be used with',
  proof_wrong_signature: 'the DPoP proof is not signed by its jwk',
  proof_wrong_method: 'the htm of the DPoP proof is not POST',
  proof_wrong_uri: 'the htu of the DPoP proof is not the token endpoint',
  proof_expired: 'the iat of the DPoP proof is too long ago',
  proof_not_yet_valid: 'the iat of the DPoP proof is still to come',
  proof_missing: 'the client has its tokens bound to a key: send a DPoP header with a proof of it',
  proof_replayed: 'the DPoP proof was used before',
};

/**
 * The key that a token is to be bound to, when the request proves by a DPoP header that the client has one (RFC 9449 §5).
 *
 * It has to be the last thing that can fail for free: a proof is good for one token.
 *
 * @throws OAuthError `invalid_dpop_proof` when the proof is not good, or is not there though the client is registered to have one;
 * `use_dpop_nonce` when it has to have a nonce, which the response headers then have (RFC 9449 §8)
 */
export async function confirmByProof(
  { dpop }: OAuthRequest,
  { dpop_bound_access_tokens }: Client,
  issuer: Pick<Issuer, 'identifier' | 'mutualTlsUrl' | 'clock' | 'replays' | 'dpopNonces'>,
  headers: ResponseHeaders,
): Promise<Confirmation | undefined> {
  if (dpop === undefined) {
    if (dpop_bound_access_tokens) throw invalidProof('proof_missing');
    return undefined;
  }
  const proof = readDpopProof(dpop, issuer);
  if (typeof proof === 'string') throw invalidProof(proof);
  if (issuer.dpopNonces) await requireNonce(proof, issuer.dpopNonces, headers);
  // The key is in it too: whoever signs with another one can use up nothing of its owner's.
  const isNew = await issuer.replays.remember(replayKey('dpop', proof.jkt, proof.jti), proof.goodUntil);
  if (!isNew) throw invalidProof('proof_replayed');
  return { jkt: proof.jkt };
}

/** Also tells the next nonce while the one before it is still good (RFC 9449 §8.2). */
async function requireNonce(
  { nonce }: DpopProof,
  nonces: DpopNonces,
  headers: ResponseHeaders,
): Promise<void> {
  const current = await nonces.current();
  if (nonce === current) return;
  headers['DPoP-Nonce'] = current;
  if (await nonces.accepts(nonce)) return;
  throw new OAuthError('use_dpop_nonce', 'the DPoP proof has to have the nonce of the DPoP-Nonce header');
}

function invalidProof(reason: DpopProofRefusal): OAuthError {
  return new OAuthError('invalid_dpop_proof', DESCRIPTIONS[reason], { reason });
}
