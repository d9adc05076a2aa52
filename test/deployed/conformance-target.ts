import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { connectDynamoDB } from '../../adapters/dynamodb/client.ts';
import { dynamodbSigningKeyStore } from '../../adapters/dynamodb/signing-key-store.ts';
import { createKmsClient } from '../../adapters/kms/client.ts';
import { deployedSigner } from '../../adapters/kms/deployed-signer.ts';
import { type ConformanceTarget, DEPLOYED_ALGS } from '../conformance/target.ts';
import type { DeployedIssuer } from '../support/deployed-issuer.ts';
import { signetJson } from '../support/signet.ts';
import { physicalIds } from './stack-resources.ts';

/** A deployed issuer as the conformance suite takes it; the environment has to be that of its account. */
export function conformanceTarget({ issuer, stack, outputs }: DeployedIssuer): ConformanceTarget {
  return {
    algs: DEPLOYED_ALGS,
    issuer,
    signet: (args, stdin) => signetJson([...args, '--stack', stack], {}, stdin),
    signingKeys: dynamodbSigningKeyStore(connectDynamoDB().table(outputs['SignetKeysTable'] ?? '')),
    signer: deployedSigner(createKmsClient()),
    log: () => readLog(stack),
  };
}

/** Everything in the log groups of a stack: those of its functions, and the API's access log. */
async function readLog(stack: string): Promise<string> {
  const client = new CloudWatchLogsClient();
  const messages: string[] = [];
  for (const logGroupName of await physicalIds(stack, 'AWS::Logs::LogGroup')) {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
      messages.push(...events.map((event) => event.message ?? ''));
    }
  }
  return messages.join('\n');
}
