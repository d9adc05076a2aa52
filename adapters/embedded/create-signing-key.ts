import * as v from 'valibot';
import type { Alg } from '../../core/algorithms.ts';
import { thumbprint } from '../../core/json-web-key-thumbprint.ts';
import { PublicJwkSchema, type SigningKey } from '../../core/signing-key.ts';
import type { Database } from './database.ts';
import { generateKeyPairFor } from './key-pair.ts';

/** Makes a key for an algorithm and keeps its private half; publishing the public one is the next step. */
export async function createSigningKey(
  alg: Alg,
  database: Database,
): Promise<Pick<SigningKey, 'alg' | 'public_jwk' | 'private_key_reference'>> {
  const { publicKey, privateKey } = await generateKeyPairFor(alg);
  const public_jwk = v.parse(PublicJwkSchema, publicKey.export({ format: 'jwk' }));
  const private_key_reference = thumbprint(public_jwk);
  database
    .prepare('INSERT INTO private_key (reference, pkcs8) VALUES (?, ?)')
    .run(private_key_reference, privateKey.export({ format: 'der', type: 'pkcs8' }));
  return { alg, public_jwk, private_key_reference };
}
