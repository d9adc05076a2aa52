import type { Client } from '../client.ts';
import type { ClientJwk } from '../client-jwk.ts';
import type { DecodedJwt } from '../jwt.ts';
import { ASSERTION_ALGS, fitsAlgorithm, verifiesAssertion } from './assertion-algorithms.ts';
import { clientAssertionMethod } from './client-assertion.ts';

/** An assertion that the client signed with a private key of its own (RFC 7523 §2.2, RFC 7521 §4.2). */
export const privateKeyJwt = clientAssertionMethod('private_key_jwt', async (jwt, client) => {
  const key = findKey(jwt, client);
  const jwk = typeof key === 'string' ? undefined : key;
  const isSigned = verifiesAssertion(jwk, jwt.header['alg'], jwt.signingInput, jwt.signature);
  if (typeof key === 'string') return key;
  return isSigned ? undefined : 'assertion_wrong_signature';
});

/** How a header names a key (RFC 7515 §4.1.4, §4.1.7, §4.1.8), the first of them that is there. */
const KEY_NAMES = ['kid', 'x5t#S256', 'x5t'] as const;

/** The key is one of the client's, by its name; `jwk`, `jku`, `x5u` and `x5c` are not even looked at (RFC 8725 §3.10). */
function findKey(
  { header }: DecodedJwt,
  client: Client | undefined,
): ClientJwk | 'assertion_unknown_key' | 'assertion_wrong_algorithm' {
  if (!ASSERTION_ALGS.some((alg) => alg === header['alg'])) return 'assertion_wrong_algorithm';
  const keys = client?.jwks?.keys ?? [];
  const name = KEY_NAMES.find((candidate) => header[candidate] !== undefined);
  const named = name === undefined ? keys : keys.filter((key) => key[name] === header[name]);
  if (named.length === 0) return 'assertion_unknown_key';
  const [key, another] = named.filter((candidate) => fitsAlgorithm(candidate, header['alg']));
  if (!key) return 'assertion_wrong_algorithm';
  return another ? 'assertion_unknown_key' : key;
}
