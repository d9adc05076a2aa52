import { deployedRequestLog } from '../adapters/deployed-request-log.ts';
import { connectDynamoDB } from '../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../adapters/dynamodb/signing-key-store.ts';
import { readSetting, SETTINGS } from '../adapters/environment.ts';
import { createKmsClient } from '../adapters/kms/client.ts';
import { deployedSigner } from '../adapters/kms/deployed-signer.ts';
import { systemClock } from '../core/clock.ts';
import { healthCheck } from '../core/health.ts';
import { healthEndpoint } from '../http/health-endpoint.ts';

const [defaultAlg] = readSetting(SETTINGS.signingAlgs);

const check = healthCheck({
  defaultAlg,
  // Past all caches: another Region can do at once what this one could for a while alone.
  signingKeys: dynamodbSigningKeyStore(connectDynamoDB().table(readSetting(SETTINGS.keysTable))),
  signer: deployedSigner(createKmsClient()),
  clock: systemClock,
});

export const handler = healthEndpoint(check, deployedRequestLog());
