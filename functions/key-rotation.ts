import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { deployedKeyMaker } from '../adapters/kms/deployed-key-maker.ts';
import { kmsMadeKeys } from '../adapters/kms/made-keys.ts';
import { logToStdout } from '../adapters/log-to-stdout.ts';
import { systemClock } from '../core/clock.ts';
import { discardMadeKeys } from '../core/management/discard-made-keys.ts';
import { rotateSigningKeys } from '../core/management/key-rotation.ts';

const kms = createKmsClient();
const periodSeconds = readSetting(SETTINGS.keyRotation);
const signingKeyTag = readSetting(SETTINGS.signingKeyTag);
const ports = {
  signingKeys: dynamodbSigningKeyStore(connectDynamoDB().table(readSetting(SETTINGS.keysTable))),
  keyMaker: deployedKeyMaker(kms, { wrappingKeyArn: readSetting(SETTINGS.wrappingKey), signingKeyTag }),
  clock: systemClock,
};

/** What fails is thrown: Lambda logs it, and a schedule tries again. */
export async function handler(): Promise<void> {
  try {
    for (const { alg, kid, signs_from } of await rotateSigningKeys(periodSeconds, ports)) {
      log('key-rotation', { alg, kid, signs_from });
    }
  } finally {
    // Also when none could be published: what was made in vain then is not to stay.
    if (signingKeyTag !== undefined) await discard(signingKeyTag);
  }
}

async function discard(tag: string): Promise<void> {
  for (const { private_key_reference } of await discardMadeKeys({
    ...ports,
    madeKeys: kmsMadeKeys(kms, tag),
  })) {
    log('key-deletion', { key: private_key_reference });
  }
}

function log(event: string, outcome: object): void {
  logToStdout({ time: new Date().toISOString(), event, ...outcome });
}
