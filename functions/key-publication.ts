import * as v from 'valibot';
import { customResourceHandler } from '../adapters/cloudformation/custom-resource.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { generateDataKeyPair } from '../adapters/kms/data-key-pair.ts';
import { readSigningKey } from '../adapters/kms/public-key.ts';
import { ALGS } from '../core/algorithms.ts';
import { systemClock } from '../core/clock.ts';
import { publishSigningKey, retireSigningKey } from '../core/management/signing-keys.ts';
import { KeyIdSchema } from '../core/signing-key.ts';

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
    const material =
      'KeyArn' in key
        ? await readSigningKey(kms, key.KeyArn, key.Alg)
        : await generateDataKeyPair(kms, key.WrappingKeyArn, key.Alg);
    return (await publishSigningKey(material, ports)).kid;
  },
  remove: (kid) => retireSigningKey(v.parse(KeyIdSchema, kid), ports),
});
