import { DescribeKeyCommand, NotFoundException } from '@aws-sdk/client-kms';
import { createKmsClient } from './client.ts';

/** Reads what KMS calls the state of a key, such as `Enabled`; undefined when there is none. */
export async function readKeyState(keyArn: string): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await createKmsClient().send(new DescribeKeyCommand({ KeyId: keyArn }));
    return KeyMetadata?.KeyState;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}
