import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  type CallFault,
  conflicting,
  type FaultProxy,
  failing,
  halfClosed,
  hanging,
  late,
  noHttp,
  noJson,
} from '../support/fault-proxy.ts';

/** What functions have of AWS, to be broken. */
export interface Aws {
  readonly proxies: Readonly<Record<'DynamoDB' | 'KMS', FaultProxy>>;
  /** The keys of the issuers. */
  readonly keyIds: readonly string[];
}

/** Something that breaks. */
export interface AwsFault {
  readonly name: string;
  begin(aws: Aws): Promise<void> | void;
  /** Mends it, where it is not the proxies that broke. */
  end?(aws: Aws): Promise<void>;
}

/** What a service does with calls. */
const CALL_FAULTS: Readonly<Record<string, CallFault>> = {
  throttles: failing(400, 'ThrottlingException'),
  'answers 500': failing(500, 'InternalServerError'),
  'is 5 seconds late': late(5_000),
  hangs: hanging,
  'hangs up in an answer': halfClosed,
  'answers no HTTP': noHttp,
  'answers no JSON': noJson,
  'denies access': failing(400, 'AccessDeniedException'),
};

/** All that the issuers are to be tried in. */
export const AWS_FAULTS: readonly AwsFault[] = [
  ...(['DynamoDB', 'KMS'] as const).flatMap((service): AwsFault[] => [
    ...Object.entries(CALL_FAULTS).map(([what, fault]) => ({
      name: `${service} ${what}`,
      begin: ({ proxies }: Aws) => proxies[service].break(fault),
    })),
    { name: `${service} refuses connections`, begin: ({ proxies }) => proxies[service].refuse() },
  ]),
  { name: 'another write was first', begin: ({ proxies }) => proxies.DynamoDB.break(conflicting) },
  {
    name: 'the key is disabled',
    begin: (aws) => forEachKey(aws, (kms, KeyId) => kms.send(new DisableKeyCommand({ KeyId }))),
    end: enableKeys,
  },
  {
    name: 'the key is to be deleted',
    begin: (aws) => forEachKey(aws, (kms, KeyId) => kms.send(new ScheduleKeyDeletionCommand({ KeyId }))),
    async end(aws) {
      await forEachKey(aws, (kms, KeyId) => kms.send(new CancelKeyDeletionCommand({ KeyId })));
      await enableKeys(aws);
    },
  },
];

function enableKeys(aws: Aws): Promise<void> {
  return forEachKey(aws, (kms, KeyId) => kms.send(new EnableKeyCommand({ KeyId })));
}

async function forEachKey(
  { keyIds }: Aws,
  change: (kms: KMSClient, keyId: string) => Promise<unknown>,
): Promise<void> {
  const kms = new KMSClient();
  for (const keyId of keyIds) await change(kms, keyId);
}
