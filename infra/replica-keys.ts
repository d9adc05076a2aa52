import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnReplicaKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { hasEnvelopeKeys } from './envelope-keys.ts';
import { keepKey } from './key-keeping.ts';
import type { Keys, KeysProps } from './keys.ts';
import { SettingError } from './setting.ts';
import { kmsSigningAlgorithm } from './signing-key.ts';
import type { HomeIssuer } from './token-issuer-props.ts';

/**
 * Replicates the keys of an issuer here, so that neither Region needs the other's KMS. It is the home Region that publishes them.
 *
 * @throws SettingError when the home Region lacks one of them
 */
export function replicateKeys(
  scope: Construct,
  { signingKeys, wrappingKeyArn, clientSecretKeyArn }: HomeIssuer,
  { signingAlgs, signers, clientSecretJwt, throwAway }: KeysProps,
): Keys {
  const replicate = (id: string, primaryKeyArn: string) =>
    replicaKey(new Construct(scope, id), primaryKeyArn, throwAway);
  const inKms = signers.includes('kms') ? signingKeys.filter(({ alg }) => signingAlgs.includes(alg)) : [];
  const wrapping = signers.includes('envelope') ? wrappingKeyArn : undefined;
  const algsInMemory = wrapping === undefined ? [] : signingAlgs.filter(hasEnvelopeKeys);
  const [missing] = new Set(signingAlgs).difference(
    new Set([...inKms.map(({ alg }) => alg), ...algsInMemory]),
  );
  if (missing !== undefined)
    throw new SettingError(
      `replicaOf: no such key signs ${missing} in the home Region: deploy it there first`,
    );
  const derivation = clientSecretJwt ? clientSecretKeyArn : undefined;
  if (clientSecretJwt && derivation === undefined)
    throw new SettingError('clientSecretJwt: the home Region has no key for it: deploy it there first');
  return {
    signingKeys: inKms.map(({ alg, keyArn }) => ({
      alg,
      keyArn: replicate(`${alg}${keyArn.split('/').at(-1)}`, keyArn),
      signingAlgorithm: kmsSigningAlgorithm(alg),
    })),
    envelopeKeys:
      wrapping === undefined
        ? undefined
        : { algs: algsInMemory, wrappingKeyArn: replicate('Envelope', wrapping) },
    clientSecretKey: derivation === undefined ? undefined : { keyArn: replicate('ClientSecret', derivation) },
    signingKeyTag: undefined,
    keys: [],
  };
}

/** The ARN of a key of another Region in this one: the same key material, by the same key id. */
function replicaKey(scope: Construct, primaryKeyArn: string, throwAway: boolean): string {
  const { removalPolicy, pendingWindow } = keepKey({ throwAway, multiRegion: true });
  const key = new CfnReplicaKey(scope, 'ReplicaKey', {
    primaryKeyArn,
    // As CDK has it for the key that this is a replica of: IAM says who may do what.
    keyPolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new AccountRootPrincipal()],
          actions: ['kms:*'],
          resources: ['*'],
        }),
      ],
    }),
    ...(pendingWindow ? { pendingWindowInDays: pendingWindow.toDays() } : {}),
  });
  key.applyRemovalPolicy(removalPolicy);
  return key.attrArn;
}
