import * as v from 'valibot';
import { customResourceHandler } from '../adapters/cloudformation/custom-resource.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { isDataKeyPair } from '../adapters/kms/data-key-pair.ts';
import { envelopeKeyMaker } from '../adapters/kms/key-maker.ts';
import { kmsMadeKeys } from '../adapters/kms/made-keys.ts';
import { readSigningKey } from '../adapters/kms/public-key.ts';
import { systemClock } from '../core/clock.ts';
import { ALGS, type Alg } from '../core/jose/algorithms.ts';
import type { SigningKey } from '../core/jose/signing-key.ts';
import { provideSigningKey, publishSigningKey, retireSigningKeys } from '../core/management/signing-keys.ts';
import type { MadeKeys } from '../core/ports/made-keys.ts';

const kms = createKmsClient();
const table = connectDynamoDB().table(readSetting(SETTINGS.keysTable));
const ports = { signingKeys: dynamodbSigningKeyStore(table), clock: systemClock };

/** A key that signs in KMS, one under which KMS makes a key pair, the keys that others make in KMS, or the end of all of these. */
const PropertiesSchema = v.union([
  v.object({ Alg: v.picklist(ALGS), KeyArn: v.string() }),
  v.object({ Alg: v.picklist(ALGS), WrappingKeyArn: v.string() }),
  v.object({ Alg: v.picklist(ALGS) }),
  v.object({ SigningKeyTag: v.string() }),
]);

/** The physical id of the keys of an algorithm that others have made in KMS; that of its key pairs is the algorithm. */
const inKms = (alg: Alg) => `${alg} in KMS`;

export const handler = customResourceHandler({
  async provide(properties) {
    const key = v.parse(PropertiesSchema, properties);
    if ('SigningKeyTag' in key) return key.SigningKeyTag;
    if ('KeyArn' in key)
      return (await publishSigningKey(await readSigningKey(kms, key.KeyArn, key.Alg), ports)).kid;
    if (!('WrappingKeyArn' in key)) return inKms(key.Alg);
    await provideSigningKey(key.Alg, { ...ports, keyMaker: envelopeKeyMaker(kms, key.WrappingKeyArn) });
    // Keys follow each other: what stands in the stack is that the algorithm has some of this kind.
    return key.Alg;
  },
  remove(physicalId, properties) {
    const removed = v.parse(PropertiesSchema, properties);
    if ('SigningKeyTag' in removed) return discardAll(kmsMadeKeys(kms, removed.SigningKeyTag));
    const { Alg } = removed;
    const isMeant = (key: SigningKey) => {
      if (physicalId === Alg) return isDataKeyPair(key);
      return physicalId === inKms(Alg) ? !isDataKeyPair(key) : key.kid === physicalId;
    };
    return retireSigningKeys(Alg, isMeant, ports);
  },
});

async function discardAll(madeKeys: MadeKeys): Promise<void> {
  for (const key of await madeKeys.list()) await madeKeys.discard(key);
}
