import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { keyWithOptions, signingAlgorithm } from '../../core/jose/algorithms.ts';
import type { SigningKey } from '../../core/jose/signing-key.ts';
import type { Signer } from '../../core/ports/signer.ts';
import type { Database } from './database.ts';

const signInThread = promisify(sign);

/** After so many in a row that were alone, only one in as many waits to see whether it is: to wait takes a fiftieth of an RS256 token. */
const ALONE_IN_A_ROW = 16;

/**
 * Signs with the private keys in an embedded store, each read once.
 *
 * Signatures that are asked for together go to the threads of libuv's pool, one core each; one that is asked for alone is made
 * here, for a thread takes longer to wake up than an ES256 signature to make. Which of the two it is shows when the event loop
 * has read all requests that had come.
 */
export function embeddedSigner(database: Database): Signer {
  const select = database.prepare('SELECT pkcs8 FROM private_key WHERE reference = ?');
  const keyObjects = new Map<string, KeyObject>();

  const privateKey = ({ alg, private_key_reference: reference }: SigningKey): KeyObject => {
    const known = keyObjects.get(reference);
    if (known) return known;
    const pkcs8 = database.get(select, reference)?.['pkcs8'];
    if (!(pkcs8 instanceof Uint8Array))
      throw new Error('the store has no private key for a key in its key set');
    const keyObject = keyWithOptions(
      createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
      alg,
    );
    keyObjects.set(reference, keyObject);
    return keyObject;
  };

  let askedFor = 0;
  let aloneInARow = 0;
  const isLikelyAlone = () =>
    askedFor === 1 && aloneInARow >= ALONE_IN_A_ROW && aloneInARow % ALONE_IN_A_ROW !== 0;

  return {
    async sign(key, signingInput) {
      const { digest } = signingAlgorithm(key.alg);
      const keyObject = privateKey(key);
      askedFor += 1;
      try {
        if (!isLikelyAlone()) await allRequestsRead();
        const isAlone = askedFor === 1;
        aloneInARow = isAlone ? aloneInARow + 1 : 0;
        return isAlone
          ? sign(digest, signingInput, keyObject)
          : await signInThread(digest, signingInput, keyObject);
      } finally {
        askedFor -= 1;
      }
    },
  };
}

function allRequestsRead(): Promise<void> {
  return new Promise(setImmediate);
}
