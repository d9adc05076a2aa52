import * as v from 'valibot';
import { customResourceHandler } from '../adapters/cloudformation/custom-resource.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { readPublicKey } from '../adapters/kms/public-key.ts';
import { ALGS } from '../core/algorithms.ts';
import { systemClock } from '../core/clock.ts';
import { publishSigningKey, retireSigningKey } from '../core/management/signing-keys.ts';
import { KeyIdSchema } from '../core/signing-key.ts';

const kms = createKmsClient();
const table = connectDynamoDB().table(readSetting(SETTINGS.keysTable));
const ports = { signingKeys: dynamodbSigningKeyStore(table), clock: systemClock };

const PropertiesSchema = v.object({ Alg: v.picklist(ALGS), KeyArn: v.string() });

export const handler = customResourceHandler({
  async provide(properties) {
    const { Alg: alg, KeyArn: private_key_reference } = v.parse(PropertiesSchema, properties);
    const public_jwk = await readPublicKey(kms, private_key_reference);
    return (await publishSigningKey({ alg, public_jwk, private_key_reference }, ports)).kid;
  },
  remove: (kid) => retireSigningKey(v.parse(KeyIdSchema, kid), ports),
});
