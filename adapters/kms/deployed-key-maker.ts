import type { KMSClient } from '@aws-sdk/client-kms';
import type { KeyMaker } from '../../core/ports/key-maker.ts';
import { envelopeKeyMaker, kmsKeyMaker } from './key-maker.ts';

/** What an issuer has for the making of keys. */
export interface KeySources {
  /** Under which key pairs are made, where keys sign in memory. */
  readonly wrappingKeyArn: string | undefined;
  /** The tag of the keys that are made for its key set, where keys sign in KMS. */
  readonly signingKeyTag: string | undefined;
}

/** Makes keys of the kinds that an issuer has, each like the one that it is to follow; a key pair where it can be either. */
export function deployedKeyMaker(client: KMSClient, { wrappingKeyArn, signingKeyTag }: KeySources): KeyMaker {
  const makers = [
    ...(wrappingKeyArn === undefined ? [] : [envelopeKeyMaker(client, wrappingKeyArn)]),
    ...(signingKeyTag === undefined ? [] : [kmsKeyMaker(client, signingKeyTag)]),
  ];
  return {
    async make(alg, like) {
      const maker = makers.find((each) => like === undefined || each.makesSuch(like));
      if (!maker) throw new Error(`there is no key of ${alg} here that another can be made like`);
      return maker.make(alg, like);
    },
    makesSuch: (key) => makers.some((maker) => maker.makesSuch(key)),
  };
}
