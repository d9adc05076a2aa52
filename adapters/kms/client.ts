import { KMSClient } from '@aws-sdk/client-kms';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';
import { MEASURED_STEP, measuredCalls } from '../aws/measured-calls.ts';

/** Makes a KMS client that gives up in time; region and credentials are those of the environment. */
export function createKmsClient(): KMSClient {
  const client = new KMSClient(AWS_CLIENT_SETTINGS);
  client.middlewareStack.add(measuredCalls('kms'), MEASURED_STEP);
  return client;
}
