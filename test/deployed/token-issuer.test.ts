import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { kmsMadeKeys } from '../../adapters/kms/made-keys.ts';
import { describeConformance } from '../conformance/conformance.ts';
import { describeDpopNonces } from '../conformance/dpop.ts';
import { describeSignedIntrospection } from '../conformance/signed-introspection.ts';
import { DEPLOYED_ALGS } from '../conformance/target.ts';
import { Wire } from '../conformance/wire.ts';
import { bootstrap } from '../support/cdk.ts';
import { type DeployedIssuer, deployIssuer } from '../support/deployed-issuer.ts';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { signetJson } from '../support/signet.ts';
import { conformanceTarget } from './conformance-target.ts';
import { createDeployedClient, type DeployedClient } from './deployed-client.ts';
import { describeKeyRotation } from './key-rotation.ts';
import { physicalIds } from './stack-resources.ts';

/** Besides those for tokens, each has a key that derives secrets for `client_secret_jwt`. */
const APIS = [
  { api: 'http', front: 'HTTP API', stack: 'SignetHttp', signers: 'kms', keys: DEPLOYED_ALGS.length + 1 },
  {
    api: 'rest',
    front: 'REST API',
    stack: 'SignetRest',
    signers: 'envelope',
    keys: 2,
    replicaRegions: 'eu-west-1',
  },
] as const;

describe('an issuer deployed by cdk deploy', () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator();
    Object.assign(process.env, emulator.environment);
    await bootstrap(emulator);
  });
  after(() => emulator?.stop());

  for (const { api, front, stack, signers, keys, ...further } of APIS) {
    describe(`behind a ${front}, with the signer ${signers}`, () => {
      let deployed: DeployedIssuer;

      before(async () => {
        deployed = await deployIssuer(emulator, {
          stack,
          api,
          context: {
            ...{ algs: DEPLOYED_ALGS.join(','), signers, keyRotation: '2' },
            ...{ registration: 'true', clientSecretJwt: 'true' },
            ...further,
          },
        });
      });
      after(() => deployed?.stop());

      describeConformance(`of the issuer behind a ${front}`, front, () => conformanceTarget(deployed));

      it('keeps its keys and its data when it is deployed again with other settings', async () => {
        const before = await keysAndData(deployed);
        await deployed.update({ cache: '0', lifetime: '600' });
        assert.deepEqual(await keysAndData(deployed), before);
      });

      describe('that is told to want DPoP nonces', () => {
        const wire = new Wire();
        let client: DeployedClient;

        before(async () => {
          await deployed.update({ dpopNonces: 'true' });
          client = await createDeployedClient(stack, 'of-nonces');
        });

        describeDpopNonces(() => ({ wire, issuer: deployed.issuer, client }));
      });

      describe('that is told to sign introspection responses', () => {
        const wire = new Wire();
        before(() => deployed.update({ signedIntrospection: 'true' }));

        describeSignedIntrospection(() => ({
          wire,
          issuer: deployed.issuer,
          algs: DEPLOYED_ALGS,
          signet: (args) => signetJson([...args, '--stack', stack]),
        }));
      });

      describeKeyRotation(DEPLOYED_ALGS, () => ({ emulator, deployed }));

      if ('replicaRegions' in further) {
        it('says that its Region is well, for DNS to lead clients there', async () => {
          const response = await fetch(`${deployed.issuer}/health`);
          assert.deepEqual([response.status, await response.json()], [200, { status: 'ok' }]);
        });
      }

      it('leaves nothing behind when it is destroyed, and its keys scheduled for deletion', async () => {
        const keyIds = await physicalIds(stack, 'AWS::KMS::Key');
        assert.equal(keyIds.length, keys);
        const kms = new KMSClient();
        const madeKeys = kmsMadeKeys(kms, deployed.outputs['SignetSigningKeyTag'] ?? 'none');
        assert.equal((await madeKeys.list()).length > 0, signers === 'kms');
        await deployed.destroy();
        assert.deepEqual(await tablesAndLogs(stack), []);
        assert.deepEqual(await madeKeys.list(), []);
        for (const KeyId of keyIds) {
          const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
          assert.equal(KeyMetadata?.KeyState, 'PendingDeletion');
        }
      });
    });
  }
});

async function keysAndData({ issuer, stack }: DeployedIssuer): Promise<unknown> {
  const jwks = await (await fetch(`${issuer}/.well-known/jwks.json`)).json();
  const [clients, resources] = await Promise.all(
    ['clients', 'resources'].map((records) => signetJson([records, 'list', '--stack', stack])),
  );
  return { jwks, clients, resources };
}

/** What could be left of a stack: it is named after it. */
async function tablesAndLogs(stack: string): Promise<readonly string[]> {
  const tables: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient() }, {})) {
    tables.push(...TableNames);
  }
  const { logGroups = [] } = await new CloudWatchLogsClient().send(new DescribeLogGroupsCommand());
  const names = [...tables, ...logGroups.map(({ logGroupName = '' }) => logGroupName)];
  return names.filter((name) => name.includes(stack));
}
