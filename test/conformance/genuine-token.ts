import assert from 'node:assert/strict';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import type { Credentials } from './registrations.ts';
import type { Suite } from './suite.ts';

/** A token that the issuer made, taken apart, with what it takes to make one that differs from it in one thing. */
export interface GenuineToken {
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly key: SigningKey;
  /** Signs as the issuer would, whatever it is. */
  readonly sign: Sign;
}

/** Makes the signature of a signing input (RFC 7515 §5.1). */
export type Sign = (signingInput: Uint8Array) => Promise<Uint8Array> | Uint8Array;

/** Gets a token for one of the client's resources. */
export async function genuineToken(
  suite: Suite,
  client: Credentials,
  resource: string,
): Promise<GenuineToken> {
  const { text } = await suite.requestToken(client, { resource });
  const token = String(Object(JSON.parse(text)).access_token);
  const header = decodeProtectedHeader(token);
  const { keys } = await suite.target.signingKeys.load();
  const key = keys.find(({ kid }) => kid === header.kid);
  assert.ok(key, 'the key set has the key that signed');
  const sign = (signingInput: Uint8Array) => suite.target.signer.sign(key, signingInput);
  return { token, header: { ...header }, claims: decodeJwt(token), key, sign };
}

/** Writes a JWS in its compact form (RFC 7515 §7.1), whatever its header and claims. */
export async function compactJws(header: unknown, claims: unknown, sign: Sign): Promise<string> {
  const signingInput = [header, claims].map((part) => encode(JSON.stringify(part))).join('.');
  return `${signingInput}.${encode(await sign(Buffer.from(signingInput)))}`;
}

function encode(part: string | Uint8Array): string {
  return Buffer.from(part).toString('base64url');
}
