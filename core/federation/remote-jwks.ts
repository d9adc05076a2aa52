import * as v from 'valibot';
import { type ClientJwk, ClientJwkSchema } from '../jose/client-jwk.ts';
import { type FoundKey, findKey } from '../jose/find-key.ts';
import type { DecodedJwt } from '../jose/jwt.ts';
import type { JsonObject } from '../json-object.ts';
import { REMOTE_JWKS_MAX_KEYS } from '../limits.ts';
import { DocumentUnavailableError, type JsonDocumentReader } from '../ports/json-document-reader.ts';

const JwksSchema = v.object({ keys: v.pipe(v.array(v.unknown()), v.maxLength(REMOTE_JWKS_MAX_KEYS)) });

/** Finds the key that a JWT names in the JWK Set at a URL, where there may be none, which is asked anew when it is not in there: keys rotate. */
export async function findRemoteKey(
  jwt: DecodedJwt,
  jwksUri: string | Promise<string>,
  documents: JsonDocumentReader,
): Promise<FoundKey> {
  try {
    const url = await jwksUri;
    const found = findKey(jwt, keysIn(await documents.read(url), url));
    if (found.refusal !== 'unknown_key') return found;
    return findKey(jwt, keysIn(await documents.reread(url), url));
  } catch (cause) {
    if (cause instanceof DocumentUnavailableError) return { refusal: 'keys_unavailable', cause };
    throw cause;
  }
}

/** The keys of a document, for as long as a cache has it. */
const known = new WeakMap<JsonObject, readonly ClientJwk[]>();

/** Keys that are of no use here are left out, for a set may have others in it (RFC 7517 §5). */
function keysIn(document: JsonObject, url: string): readonly ClientJwk[] {
  const before = known.get(document);
  if (before) return before;
  const jwks = v.safeParse(JwksSchema, document);
  if (!jwks.success) {
    throw new DocumentUnavailableError(url, `it is no JWK Set of at most ${REMOTE_JWKS_MAX_KEYS} keys`);
  }
  const keys = jwks.output.keys.flatMap((jwk) => {
    const parsed = v.safeParse(ClientJwkSchema, jwk);
    return parsed.success ? [parsed.output] : [];
  });
  known.set(document, keys);
  return keys;
}
