import type { KeyMaker } from '../core/ports/key-maker.ts';

/** Where keys sign in KMS, whose keys come from the deploy alone. */
const NONE: KeyMaker = {
  make: () => Promise.reject(new Error('there is no key to make key pairs under')),
  makesSuch: () => false,
};

/** What makes key pairs under a key in KMS, where the issuer has one; KMS is loaded only then. */
export async function deployedKeyMaker(wrappingKeyArn: string | undefined): Promise<KeyMaker> {
  if (wrappingKeyArn === undefined) return NONE;
  const { createKmsClient } = await import('./kms/client.ts');
  const { envelopeKeyMaker } = await import('./kms/key-maker.ts');
  return envelopeKeyMaker(createKmsClient(), wrappingKeyArn);
}
