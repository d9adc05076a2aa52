import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { jsonWebKeySet } from '../../core/jose/jwks.ts';
import { publishedKeys } from '../../core/jose/signing-key.ts';
import { DOCUMENT_MAX_AGE_SECONDS, KEY_SET_MAX_AGE_SECONDS } from '../../core/limits.ts';
import type { Check } from './check.ts';
import { requireOutput } from './deployment.ts';

/** How old a JWKS can be: that of a function, and then of a cache in front of it. */
const MAX_AGE_SECONDS = KEY_SET_MAX_AGE_SECONDS + DOCUMENT_MAX_AGE_SECONDS;

const JwksSchema = v.object({ keys: v.array(v.looseObject({ kid: v.string() })) });

/** Whether verifiers see the keys of the key set, and no others. */
export const jwks: Check = {
  name: 'jwks',
  well: 'it has the keys of the Keys table and no other',
  async findFaults(deployment) {
    const url = requireOutput(deployment, 'SignetJwksUri');
    const fetched = await deployment.fetchDocument(url);
    if ('found' in fetched) return [fetched];
    const { success, output } = v.safeParse(JwksSchema, fetched.document);
    const otherwise = 'see that the name of the issuer leads to the API of this stack';
    if (!success) return [{ found: `${url} answers no JWK Set`, mend: otherwise }];
    const now = deployment.clock();
    const keySet = await deployment.store.signingKeys.load();
    const due = publishedKeys(keySet, now).filter((key) => key.published_at <= now - MAX_AGE_SECONDS);
    const missing = due.filter(({ kid }) => !output.keys.some((jwk) => jwk.kid === kid));
    const expected = jsonWebKeySet(keySet, now - MAX_AGE_SECONDS).keys;
    const foreign = output.keys.filter((jwk) => !expected.some((key) => isDeepStrictEqual(key, jwk)));
    return [
      ...missing.map(({ kid }) => ({
        found: `${url} has not the key ${kid} of the Keys table, whose tokens are refused`,
        mend: `${otherwise}, and that no cache keeps the JWKS for longer than it may`,
      })),
      ...foreign.map(({ kid }) => ({
        found: `${url} has a key ${kid} that the Keys table has not, or not so`,
        mend: `ask again in six minutes, when caches have dropped one that was removed; if it stays, ${otherwise}`,
      })),
    ];
  },
};
