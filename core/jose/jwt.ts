import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import type { Signer } from '../ports/signer.ts';
import { keyWithOptions, signingAlgorithm } from './algorithms.ts';
import type { SigningKey } from './signing-key.ts';

/** A compact JWS (RFC 7515 §7.1) taken apart, nothing of it verified. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

/** Signs claims as a compact JWT (RFC 7519 §7.1) whose header says `typ`, the key's algorithm and its `kid`. */
export async function signJwt(typ: string, claims: object, key: SigningKey, signer: Signer): Promise<string> {
  const signingInput = `${encodedHeader(typ, key)}.${encodeJson(claims)}`;
  const signature = await signer.sign(key, Buffer.from(signingInput));
  return `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
}

/** Takes a compact JWT apart; undefined when it is none. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [header, claims, signature, ...rest] = token.split('.', 4);
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const decodedHeader = decodeHeader(header);
  const decodedClaims = decodeObject(claims);
  const decodedSignature = decodeBase64url(signature);
  if (!decodedHeader || !decodedClaims || !decodedSignature) return undefined;
  return {
    header: decodedHeader,
    claims: decodedClaims,
    signingInput: `${header}.${claims}`,
    signature: decodedSignature,
  };
}

/** Reads the header of a compact JWT and nothing else of it; undefined when it has none. */
export function decodeJoseHeader(token: string): DecodedJwt['header'] | undefined {
  return decodeHeader(token.slice(0, token.indexOf('.')));
}

let last: { readonly encoded: string; readonly header: JsonObject | undefined } | undefined;

/** Keeps the last one: of the tokens that come after one another most have the same. */
function decodeHeader(encoded: string): JsonObject | undefined {
  if (encoded !== last?.encoded) last = { encoded, header: decodeObject(encoded) };
  return last.header;
}

/** Verifies a JWT's signature with a key of ours and the algorithm of that key, whatever the token's header asks for. */
export function isSignedBy(jwt: Pick<DecodedJwt, 'signingInput' | 'signature'>, key: SigningKey): boolean {
  const { digest } = signingAlgorithm(key.alg);
  return verify(digest, Buffer.from(jwt.signingInput), publicKeyObject(key), jwt.signature);
}

const keyObjects = new WeakMap<SigningKey, KeyObject>();

function publicKeyObject(key: SigningKey): KeyObject {
  const known = keyObjects.get(key);
  if (known) return known;
  const keyObject = keyWithOptions(createPublicKey({ key: key.public_jwk, format: 'jwk' }), key.alg);
  keyObjects.set(key, keyObject);
  return keyObject;
}

const encodedHeaders = new WeakMap<SigningKey, Map<string, string>>();

/** The header of the JWTs of one `typ` that a key signs, which is the same in each. */
function encodedHeader(typ: string, key: SigningKey): string {
  const known = encodedHeaders.get(key) ?? new Map<string, string>();
  encodedHeaders.set(key, known);
  const header = known.get(typ) ?? encodeJson({ typ, alg: key.alg, kid: key.kid });
  known.set(typ, header);
  return header;
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeObject(encoded: string): JsonObject | undefined {
  const bytes = decodeBase64url(encoded);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Only the canonical spelling counts, or one signature would have many (RFC 7515 §2, RFC 4648 §3.5). */
function decodeBase64url(encoded: string): Uint8Array | undefined {
  const bytes = Buffer.from(encoded, 'base64url');
  return bytes.toString('base64url') === encoded ? bytes : undefined;
}
