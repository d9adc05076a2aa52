import * as v from 'valibot';
import { customResourceHandler } from '../adapters/cloudformation/custom-resource.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { isDataKeyPair } from '../adapters/kms/data-key-pair.ts';
import { envelopeKeyMaker } from '../adapters/kms/key-maker.ts';
import { readSigningKey } from '../adapters/kms/public-key.ts';
import { systemClock } from '../core/clock.ts';
import { ALGS } from '../core/jose/algorithms.ts';
import type { SigningKey } from '../core/jose/signing-key.ts';
import { provideSigningKey, publishSigningKey, retireSigningKeys } from '../core/management/signing-keys.ts';

const kms = createKmsClient();
const table = connectDynamoDB().table(readSetting(SETTINGS.keysTable));
const ports = { signingKeys: dynamodbSigningKeyStore(table), clock: systemClock };

/** A key that signs in KMS, or one under which KMS makes a key pair. */
const PropertiesSchema = v.union([
  v.object({ Alg: v.picklist(ALGS), KeyArn: v.string() }),
  v.object({ Alg: v.picklist(ALGS), WrappingKeyArn: v.string() }),
]);

export const handler = customResourceHandler({
  async provide(properties) {
    const key = v.parse(PropertiesSchema, properties);
    if ('KeyArn' in key)
      return (await publishSigningKey(await readSigningKey(kms, key.KeyArn, key.Alg), ports)).kid;
    await provideSigningKey(key.Alg, { ...ports, keyMaker: envelopeKeyMaker(kms, key.WrappingKeyArn) });
    // Key pairs follow each other: what stands in the stack is that the algorithm has one.
    return key.Alg;
  },
  remove(physicalId, properties) {
    const { Alg } = v.parse(PropertiesSchema, properties);
    const isMeant = (key: SigningKey) => (physicalId === Alg ? isDataKeyPair(key) : key.kid === physicalId);
    return retireSigningKeys(Alg, isMeant, ports);
  },
});
