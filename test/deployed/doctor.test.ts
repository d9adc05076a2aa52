import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { CHECKS } from '../../cli/doctor/examine.ts';
import { bootstrap } from '../support/cdk.ts';
import { type DeployedIssuer, deployIssuer } from '../support/deployed-issuer.ts';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { runSignet, signetJson } from '../support/signet.ts';
import { physicalIds } from './stack-resources.ts';

const STACK = 'SignetDoctor';
const RESOURCE = 'https://api.example.com';

const DiagnosesSchema = v.array(
  v.object({
    check: v.string(),
    status: v.picklist(['ok', 'failed', 'unknown']),
    found: v.string(),
    mend: v.optional(v.string()),
  }),
);

/** One thing that goes wrong with a deployment. */
interface Breakage {
  readonly what: string;
  /** Breaks it, and tells how to undo that. */
  breakIt(): Promise<() => Promise<unknown>>;
  /** What is found then: the check, the status, and words of what is said. */
  readonly found: readonly (readonly [string, string, RegExp])[];
}

describe('signet doctor', () => {
  let emulator: Emulator;
  let deployed: DeployedIssuer;

  before(async () => {
    emulator = await startEmulator();
    Object.assign(process.env, emulator.environment);
    await bootstrap(emulator);
    deployed = await deployIssuer(emulator, { stack: STACK, api: 'http' });
    await signetJson(['resources', 'create', RESOURCE, '--scopes', 'read', '--stack', STACK]);
  });
  after(async () => {
    await deployed?.stop();
    await emulator?.stop();
  });

  const diagnose = async () => {
    const { exitCode, stdout, stderr } = await runSignet(['doctor', '--stack', STACK, '--json']);
    assert.equal(stderr, '');
    return { exitCode, diagnoses: v.parse(DiagnosesSchema, JSON.parse(stdout)) };
  };
  const only = async (type: string, named = /./) => {
    const [id, ...others] = (await physicalIds(STACK, type)).filter((each) => named.test(each));
    assert.ok(id !== undefined && others.length === 0, `${type}: ${id}, ${others}`);
    return id;
  };

  it('finds nothing to mend in a new deployment, and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await runSignet(['doctor', '--stack', STACK]);
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' }, stdout);
    const names = CHECKS.map(({ name }) => name);
    const lines = stdout.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(/ +/, 2)),
      names.map((name) => ['ok', name]),
    );
  });

  const BREAKAGES: readonly Breakage[] = [
    {
      what: 'a key that was disabled in KMS',
      async breakIt() {
        const KeyId = await only('AWS::KMS::Key');
        const kms = new KMSClient();
        await kms.send(new DisableKeyCommand({ KeyId }));
        return () => kms.send(new EnableKeyCommand({ KeyId }));
      },
      found: [['kms', 'failed', /^the key arn:aws:kms:\S+ of KMS is Disabled/]],
    },
    {
      what: 'a Keys table whose item was deleted',
      async breakIt() {
        const dynamodb = new DynamoDBClient();
        const TableName = deployed.outputs['SignetKeysTable'];
        const Key = { record: { S: 'key-set' } };
        const command = new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' });
        const { Attributes: Item } = await dynamodb.send(command);
        return () => dynamodb.send(new PutItemCommand({ TableName, Item }));
      },
      found: [
        ['keys', 'failed', /^the Keys table has no keys in it/],
        ['jwks', 'failed', /jwks\.json has a key [\w-]{43} that the Keys table has not/],
      ],
    },
    {
      what: 'a policy that was taken from a function',
      async breakIt() {
        const iam = new IAMClient();
        const role = { RoleName: await only('AWS::IAM::Role', /TokenRole/) };
        const { PolicyNames: [PolicyName = ''] = [] } = await iam.send(new ListRolePoliciesCommand(role));
        const policy = { ...role, PolicyName };
        const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(policy));
        await iam.send(new DeleteRolePolicyCommand(policy));
        return () =>
          iam.send(
            new PutRolePolicyCommand({ ...policy, PolicyDocument: decodeURIComponent(PolicyDocument) }),
          );
      },
      found: [
        [
          'permissions',
          'failed',
          /TokenRole\S* may no longer dynamodb:BatchGetItem on IssuerTablesClients\w+, .*, kms:Sign on IssuerRS256Key\w+, /,
        ],
      ],
    },
    {
      what: 'a policy that was given to a function',
      async breakIt() {
        const iam = new IAMClient();
        const policy = { RoleName: await only('AWS::IAM::Role', /JwksRole/), PolicyName: 'more' };
        const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
        await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
        return () => iam.send(new DeleteRolePolicyCommand(policy));
      },
      found: [['permissions', 'failed', /JwksRole\S* has a policy that is not of the stack: more$/]],
    },
    {
      what: 'an issuer that cannot be reached',
      async breakIt() {
        deployed.moveTo({ ...emulator, endpoint: 'http://127.0.0.1:9' });
        return async () => deployed.moveTo(emulator);
      },
      found: [
        ['jwks', 'failed', /jwks\.json answers 502$/],
        ['metadata', 'failed', /oauth-authorization-server answers 502$/],
        ['metadata', 'failed', /openid-configuration answers 502$/],
        ['clocks', 'failed', /jwks\.json answers 502$/],
      ],
    },
    {
      what: 'a secret that is about to expire',
      async breakIt() {
        const args = ['--resource', `${RESOURCE} read`, '--secret-expires-in', '5d', '--stack', STACK];
        await signetJson(['clients', 'create', 'short', ...args]);
        return () => signetJson(['clients', 'disable', 'short', '--stack', STACK]);
      },
      found: [['secrets', 'failed', /^the last secret of short expires at /]],
    },
    {
      what: 'an alarm that was deleted',
      async breakIt() {
        const cloudWatch = new CloudWatchClient();
        const AlarmNames = [await only('AWS::CloudWatch::Alarm', /Throttles/)];
        const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(
          new DescribeAlarmsCommand({ AlarmNames }),
        );
        assert.ok(alarm);
        await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames }));
        const { AlarmName, ComparisonOperator, EvaluationPeriods } = alarm;
        const anew = { ...alarm, AlarmName, ComparisonOperator, EvaluationPeriods };
        return () => cloudWatch.send(new PutMetricAlarmCommand(anew));
      },
      found: [['alarms', 'failed', /Throttles\S* was deleted$/]],
    },
    {
      what: 'an alarm that is raised',
      async breakIt() {
        const cloudWatch = new CloudWatchClient();
        const AlarmName = await only('AWS::CloudWatch::Alarm', /ErrorRate/);
        const set = (StateValue: 'ALARM' | 'OK') =>
          cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'made up' }));
        await set('ALARM');
        return () => set('OK');
      },
      found: [['alarms', 'failed', /ErrorRate.* made up$/]],
    },
  ];
  for (const { what, breakIt, found } of BREAKAGES) {
    it(`finds ${what}, says what to do, and ends with 1`, async () => {
      const mend = await breakIt();
      try {
        const { exitCode, diagnoses } = await diagnose();
        const ill = diagnoses.filter(({ status }) => status !== 'ok');
        assert.equal(exitCode, 1);
        assert.deepEqual(
          ill.map(({ check, status }) => [check, status]),
          found.map(([check, status]) => [check, status]),
        );
        for (const [n, { found: said, mend: advice = '' }] of ill.entries()) {
          assert.match(said, found[n]?.[2] ?? /^$/);
          assert.match(advice, /\w/);
        }
      } finally {
        await mend();
      }
    });
  }

  it('is well again when all of that was mended', async () => {
    assert.equal((await diagnose()).exitCode, 0);
  });

  it('knows no stack that is not there, and ends with 2', async () => {
    const { exitCode, stderr } = await runSignet(['doctor', '--stack', 'Elsewhere']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /^signet: there is no stack Elsewhere in us-east-1/);
  });
});
