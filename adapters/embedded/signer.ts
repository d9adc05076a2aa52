import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { signingAlgorithm } from '../../core/algorithms.ts';
import type { Signer } from '../../core/ports/signer.ts';
import type { Database } from './database.ts';

// In a thread of libuv's pool: a signature would hold up every other request.
const signInThread = promisify(sign);

/** Signs with the private keys in an embedded store, each read once. */
export function embeddedSigner(database: Database): Signer {
  const select = database.prepare('SELECT pkcs8 FROM private_key WHERE reference = ?');
  const keyObjects = new Map<string, KeyObject>();

  const privateKey = (reference: string): KeyObject => {
    const known = keyObjects.get(reference);
    if (known) return known;
    const pkcs8 = select.get(reference)?.['pkcs8'];
    if (!(pkcs8 instanceof Uint8Array))
      throw new Error('the store has no private key for a key in its key set');
    const keyObject = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    keyObjects.set(reference, keyObject);
    return keyObject;
  };

  return {
    async sign(key, signingInput) {
      const { digest, signature } = signingAlgorithm(key.alg);
      return signInThread(digest, signingInput, { key: privateKey(key.private_key_reference), ...signature });
    },
  };
}
