import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { ALGS } from '../core/jose/algorithms.ts';
import type { HomeIssuer } from './token-issuer-props.ts';

/** Writes the keys of an issuer as its output has them, where a replica is to have them too. */
export function signingKeysOutput(keys: HomeIssuer['signingKeys']): string {
  return keys.map(({ alg, keyArn }) => `${alg}=${keyArn}`).join(',');
}

/** What `cdk deploy --outputs-file` wrote: the outputs of an issuer's stack, by its name. */
const OutputsFileSchema = v.pipe(
  v.record(
    v.string(),
    v.object({
      SignetIssuer: v.string(),
      SignetClientsTable: v.string(),
      SignetKeysTable: v.string(),
      SignetTokensTable: v.string(),
      SignetSigningKeys: v.exactOptional(
        v.pipe(
          v.string(),
          v.transform((text) => text.split(',').map((key) => key.split('='))),
          v.array(v.tuple([v.picklist(ALGS), v.string()])),
        ),
      ),
      SignetWrappingKey: v.exactOptional(v.string()),
      SignetClientSecretKey: v.exactOptional(v.string()),
    }),
  ),
  v.transform((stacks) => Object.values(stacks)),
);

/** The issuer whose outputs are in the file of this name. */
export const HomeIssuerFileSchema = v.pipe(
  v.string(),
  v.rawTransform<string, HomeIssuer>(({ dataset, addIssue, NEVER }) => {
    try {
      return readHomeIssuer(dataset.value);
    } catch {
      addIssue({
        message: 'write a file that cdk deploy --outputs-file wrote of the issuer in its home Region',
      });
      return NEVER;
    }
  }),
  v.check(
    ({ signingKeys, wrappingKeyArn, clientSecretKeyArn }) =>
      [...signingKeys.map(({ keyArn }) => keyArn), wrappingKeyArn, clientSecretKeyArn].every(
        (arn) => arn?.includes(':key/mrk-') ?? true,
      ),
    'its keys are in one Region only: they are multi-Region keys when replicaRegions is there from the first deploy on',
  ),
);

function readHomeIssuer(file: string): HomeIssuer {
  const [outputs] = v.parse(OutputsFileSchema, JSON.parse(readFileSync(file, 'utf8')));
  if (!outputs) throw new Error('it has no stack');
  const { SignetSigningKeys: signingKeys = [], SignetWrappingKey, SignetClientSecretKey } = outputs;
  return {
    identifier: outputs.SignetIssuer,
    clientsTable: outputs.SignetClientsTable,
    keysTable: outputs.SignetKeysTable,
    tokensTable: outputs.SignetTokensTable,
    signingKeys: signingKeys.map(([alg, keyArn]) => ({ alg, keyArn })),
    ...(SignetWrappingKey === undefined ? {} : { wrappingKeyArn: SignetWrappingKey }),
    ...(SignetClientSecretKey === undefined ? {} : { clientSecretKeyArn: SignetClientSecretKey }),
  };
}
