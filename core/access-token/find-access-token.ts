import type { Issuer } from '../issuer.ts';
import type { TokenReader } from '../ports/token-store.ts';
import type { AccessTokenClaims } from './access-token-claims.ts';
import { type AccessTokenRefusal, readAccessToken } from './read-access-token.ts';
import { isReferenceToken, referenceTokenJti } from './reference-token.ts';

/** Finds out what an access token of this issuer's says, a JWT or a reference token, or why it is none that is still good. */
export async function findAccessToken(
  token: string,
  issuer: Pick<Issuer, 'identifier' | 'signingKeys' | 'clock'> & { readonly tokens: TokenReader },
): Promise<AccessTokenClaims | AccessTokenRefusal> {
  return isReferenceToken(token)
    ? findReferenceToken(token, issuer)
    : readAccessToken(token, await issuer.signingKeys.load(), issuer);
}

/** That it has expired is for the clock to say: a store may keep a token for longer. */
async function findReferenceToken(
  token: string,
  { identifier, tokens, clock }: Pick<Issuer, 'identifier' | 'clock'> & { readonly tokens: TokenReader },
): Promise<AccessTokenClaims | AccessTokenRefusal> {
  const jti = referenceTokenJti(token);
  const [claims, revoked] = await Promise.all([tokens.find(jti), tokens.isRevoked(jti)]);
  if (!claims) return 'unknown_token';
  if (claims.iss !== identifier) return 'wrong_issuer';
  if (revoked) return 'revoked';
  return clock() < claims.exp ? claims : 'expired';
}
