import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { envelopeKeyMaker } from '../adapters/kms/key-maker.ts';
import { logToStdout } from '../adapters/log-to-stdout.ts';
import { systemClock } from '../core/clock.ts';
import { rotateSigningKeys } from '../core/management/key-rotation.ts';

const periodSeconds = readSetting(SETTINGS.keyRotation);
const ports = {
  signingKeys: dynamodbSigningKeyStore(connectDynamoDB().table(readSetting(SETTINGS.keysTable))),
  keyMaker: envelopeKeyMaker(createKmsClient(), readSetting(SETTINGS.wrappingKey)),
  clock: systemClock,
};

/** What fails is thrown: Lambda logs it, and a schedule tries again. */
export async function handler(): Promise<void> {
  for (const { alg, kid, signs_from } of await rotateSigningKeys(periodSeconds, ports)) {
    logToStdout({ time: new Date().toISOString(), event: 'key-rotation', alg, kid, signs_from });
  }
}
