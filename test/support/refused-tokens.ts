import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose';
import { type ConnectedIssuer, requestAccessToken } from './connect-issuer.ts';

/** The access tokens that an API has to refuse (RFC 9068 §4), by what is wrong with them. */
export const REFUSED_TOKENS = [
  'for another audience',
  'of another issuer',
  'signed by another key under the kid of the issuer',
  'whose claims were changed',
] as const;

/** What is wrong with a token. */
export type RefusedToken = (typeof REFUSED_TOKENS)[number];

/** Makes each of them of tokens that are good but for that. */
export async function makeRefusedTokens(issuer: ConnectedIssuer): Promise<Record<RefusedToken, string>> {
  const good = await requestAccessToken(issuer);
  const { kid = '', typ = '' } = decodeProtectedHeader(good);
  const claims = decodeJwt(good);
  const { privateKey } = await generateKeyPair('RS256');
  const sign = (iss: string, keyId: string) =>
    new SignJWT({ ...claims, iss }).setProtectedHeader({ alg: 'RS256', kid: keyId, typ }).sign(privateKey);
  const changed = Buffer.from(JSON.stringify({ ...claims, scope: 'read write admin' })).toString('base64url');
  return {
    'for another audience': await requestAccessToken(issuer, { resource: issuer.otherResource }),
    'of another issuer': await sign('https://other-issuer.example.com', 'key-of-another-issuer'),
    'signed by another key under the kid of the issuer': await sign(issuer.issuer, kid),
    'whose claims were changed': good.replace(/\.[^.]+\./, `.${changed}.`),
  };
}
