import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { type Alg, signingAlgorithm } from '../../core/jose/algorithms.ts';

const generate = promisify(generateKeyPair);

/** Makes a key pair for an algorithm. */
export function generateKeyPairFor(alg: Alg): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  const { key } = signingAlgorithm(alg);
  switch (key.kty) {
    case 'RSA':
      return generate('rsa', { modulusLength: key.modulusLength });
    case 'EC':
      return generate('ec', { namedCurve: key.crv });
    case 'OKP':
      return generate('ed25519');
    case 'AKP':
      return generate(key.type);
  }
}
