import type { Client } from '../client.ts';
import { findRemoteKey } from '../federation/remote-jwks.ts';
import { type FoundKey, findKey } from '../jose/find-key.ts';
import type { DecodedJwt } from '../jose/jwt.ts';
import type { JsonDocumentReader } from '../ports/json-document-reader.ts';
import { verifiesAssertion } from './assertion-algorithms.ts';
import { clientAssertionMethod } from './client-assertion.ts';
import { authenticateFederated } from './federated-assertion.ts';
import { macDigest } from './mac-algorithms.ts';
import { clientAuthenticationFailed } from './refusal.ts';

/** An assertion that the client signed with a private key of its own, or that an issuer did which it trusts (RFC 7523 §2.2, RFC 7521 §4.2). */
export const privateKeyJwt = clientAssertionMethod(
  'private_key_jwt',
  (alg) => macDigest(alg) === undefined,
  async (jwt, client, { documents }) => {
    const { key, refusal, cause } = await findClientKey(jwt, client, documents);
    const isSigned = verifiesAssertion(key, jwt.header['alg'], jwt.signingInput, jwt.signature);
    if (cause !== undefined) throw clientAuthenticationFailed('assertion_keys_unavailable', cause);
    if (refusal) return `assertion_${refusal}`;
    return isSigned ? undefined : 'assertion_wrong_signature';
  },
  authenticateFederated,
);

/** The key of a client: one that it registered, or one that it publishes. */
function findClientKey(
  jwt: DecodedJwt,
  client: Client | undefined,
  documents: JsonDocumentReader,
): FoundKey | Promise<FoundKey> {
  return client?.jwks_uri !== undefined && client.enabled
    ? findRemoteKey(jwt, client.jwks_uri, documents)
    : findKey(jwt, client?.jwks?.keys ?? []);
}
