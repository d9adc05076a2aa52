import { KMSClient } from '@aws-sdk/client-kms';
import { AWS_CLIENT_SETTINGS } from '../aws/client-settings.ts';

/** Makes a KMS client that gives up in time; region and credentials are those of the environment. */
export function createKmsClient(): KMSClient {
  return new KMSClient(AWS_CLIENT_SETTINGS);
}
