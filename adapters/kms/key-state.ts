import { DescribeKeyCommand, NotFoundException } from '@aws-sdk/client-kms';
import { createKmsClient } from './client.ts';
import { keyInThisRegion } from './key-in-this-region.ts';

/** Reads what KMS calls the state of a key, such as `Enabled`; undefined when there is none. */
export async function readKeyState(keyArn: string): Promise<string | undefined> {
  try {
    const command = new DescribeKeyCommand({ KeyId: keyInThisRegion(keyArn) });
    const { KeyMetadata } = await createKmsClient().send(command);
    return KeyMetadata?.KeyState;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}
