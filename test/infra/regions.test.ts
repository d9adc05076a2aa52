import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { readContext } from '../../infra/context.ts';
import type { SignetStackProps } from '../../infra/stack.ts';
import { synthesize } from '../support/synthesized-stack.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const issuer = 'https://auth.example.com';
const chosen = {
  issuer,
  signingAlgs: ['RS256', 'ES256'],
  signers: ['kms', 'envelope'],
  clientSecretJwt: true,
  keyRotation: Duration.days(90),
} as const satisfies SignetStackProps;
const home = synthesize({ ...chosen, replicaRegions: ['eu-west-1', 'eu-central-1'] });

const arn = (id: string) => `arn:aws:kms:us-east-1:000000000000:key/mrk-${id}`;
const OUTPUTS = {
  SignetIssuer: issuer,
  SignetClientsTable: 'Home-Clients',
  SignetKeysTable: 'Home-Keys',
  SignetTokensTable: 'Home-Tokens',
  SignetSigningKeys: `RS256=${arn('1')},ES256=${arn('2')}`,
  SignetWrappingKey: arn('3'),
  SignetClientSecretKey: arn('4'),
};
const HOME = {
  identifier: issuer,
  clientsTable: 'Home-Clients',
  keysTable: 'Home-Keys',
  tokensTable: 'Home-Tokens',
  signingKeys: [
    { alg: 'RS256', keyArn: arn('1') },
    { alg: 'ES256', keyArn: arn('2') },
  ],
  wrappingKeyArn: arn('3'),
  clientSecretKeyArn: arn('4'),
} as const;
const tableArn = (name: string) =>
  `arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/${name}`;
const replica = synthesize({ ...chosen, replicaOf: HOME });

describe('an issuer in its home Region', () => {
  test('has its tables there and in the other Regions, recoverable and protected from deletion in each', () => {
    const replicas = ['<AWS::Region>', 'eu-west-1', 'eu-central-1'].map((Region) => ({
      Region,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    }));
    const StreamSpecification = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
    assert.deepEqual(
      home.ofType('AWS::DynamoDB::GlobalTable').map(({ name, Properties }) => ({
        name,
        Replicas: Properties['Replicas'],
        StreamSpecification: Properties['StreamSpecification'],
      })),
      ['Clients', 'Keys', 'Tokens'].map((name) => ({
        name: `Tables${name}`,
        Replicas: replicas,
        StreamSpecification,
      })),
    );
  });

  test('has multi-Region keys, and tells a replica which', () => {
    const keys = home.ofType('AWS::KMS::Key');
    assert.deepEqual(
      keys.map(({ name, Properties }) => [name, Properties['MultiRegion']]),
      ['RS256Key', 'ES256Key', 'EnvelopeWrappingKey', 'ClientSecretKey'].map((name) => [name, true]),
    );
    assert.deepEqual(home.outputs['SignetSigningKeys']?.Value, 'RS256=<RS256Key.Arn>,ES256=<ES256Key.Arn>');
    assert.equal(synthesize({ ...chosen }).outputs['SignetSigningKeys'], undefined);
  });
});

describe('a replica of an issuer', () => {
  const KEYS = {
    RS256mrk1ReplicaKey: arn('1'),
    ES256mrk2ReplicaKey: arn('2'),
    EnvelopeReplicaKey: arn('3'),
    ClientSecretReplicaKey: arn('4'),
  };

  for (const [name, PrimaryKeyArn] of Object.entries(KEYS)) {
    test(`has ${name}, which IAM governs, and which stays`, () => {
      const { Type, Properties, DeletionPolicy } = replica.named(name);
      const { KeyPolicy, ...rest } = Properties;
      assert.deepEqual([Type, rest, DeletionPolicy], ['AWS::KMS::ReplicaKey', { PrimaryKeyArn }, 'Retain']);
      assert.deepEqual((KeyPolicy as { Statement: unknown }).Statement, [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root' },
          Action: 'kms:*',
          Resource: '*',
        },
      ]);
    });
  }

  test('has its keys deleted after the days that KMS makes everyone wait, when it is thrown away', () => {
    const keys = synthesize({ ...chosen, replicaOf: HOME, throwAway: true }).ofType('AWS::KMS::ReplicaKey');
    assert.deepEqual(
      keys.map(({ Properties, DeletionPolicy }) => [Properties['PendingWindowInDays'], DeletionPolicy]),
      [1, 2, 3, 4].map(() => [7, 'Delete']),
    );
  });

  test('makes no table and no key of its own, and nobody there publishes or rotates keys', () => {
    const types = new Set(replica.resources.map(({ Type }) => Type));
    for (const type of [
      ...['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Events::Rule'],
      ...['Custom::SigningKey', 'Custom::EnvelopeKey'],
    ]) {
      assert.equal(types.has(type), false, type);
    }
    const functions = (stack: typeof home) =>
      new Set(stack.ofType('AWS::Lambda::Function').map(({ name }) => name));
    assert.deepEqual(
      functions(home).difference(functions(replica)),
      new Set(['KeyPublication', 'KeyRotation']),
    );
  });

  test('has functions that may what those of the home Region may, on the tables and keys of this Region alone', () => {
    const permissions = ({ ofType }: typeof home, named: Readonly<Record<string, string>>) => {
      const policies = ofType('AWS::IAM::Policy').filter(
        ({ name }) => !/^Key(Publication|Rotation)/.test(name),
      );
      const text = JSON.stringify(
        policies.map(({ name, Properties }) => [name, Properties['PolicyDocument']]),
      );
      return Object.entries(named).reduce((renamed, [from, to]) => renamed.replaceAll(from, to), text);
    };
    const inHome = permissions(home, {
      '<RS256Key.Arn>': '<RS256mrk1ReplicaKey.Arn>',
      '<ES256Key.Arn>': '<ES256mrk2ReplicaKey.Arn>',
      '<EnvelopeWrappingKey.Arn>': '<EnvelopeReplicaKey.Arn>',
      '<ClientSecretKey.Arn>': '<ClientSecretReplicaKey.Arn>',
      '<TablesClients.Arn>': tableArn('Home-Clients'),
      '<TablesKeys.Arn>': tableArn('Home-Keys'),
      '<TablesTokens.Arn>': tableArn('Home-Tokens'),
    });
    assert.equal(permissions(replica, {}), inHome);
  });

  test('issues as the issuer that it is a replica of, with its settings', () => {
    const { SIGNET_CLIENT_SECRET_KEY, ...token } = replica.environment('Token');
    const {
      SIGNET_CLIENT_SECRET_KEY: _,
      SIGNET_CLIENTS_TABLE,
      SIGNET_KEYS_TABLE,
      SIGNET_TOKENS_TABLE,
      ...inHome
    } = home.environment('Token');
    assert.equal(SIGNET_CLIENT_SECRET_KEY, '<ClientSecretReplicaKey.Arn>');
    const tables = {
      SIGNET_CLIENTS_TABLE: 'Home-Clients',
      SIGNET_KEYS_TABLE: 'Home-Keys',
      SIGNET_TOKENS_TABLE: 'Home-Tokens',
    };
    assert.deepEqual(token, { ...inHome, ...tables });
    assert.equal(replica.outputs['SignetClientsTable']?.Value, 'Home-Clients');
    assert.equal(replica.outputs['SignetSigningKeys'], undefined);
  });

  test('has the keys of its own signers and algorithms alone', () => {
    const names = (props: SignetStackProps) =>
      synthesize({ issuer, ...props, replicaOf: HOME })
        .ofType('AWS::KMS::ReplicaKey')
        .map(({ name }) => name);
    assert.deepEqual(names({ signingAlgs: ['ES256'] }), ['ES256mrk2ReplicaKey']);
    assert.deepEqual(names({ signers: ['envelope'] }), ['EnvelopeReplicaKey']);
  });
});

for (const [api, path] of [
  ['http', '/health'],
  ['rest', '/prod/health'],
] as const) {
  describe(`the domain of an issuer in several Regions, with the ${api} API`, () => {
    const domain = {
      domainName: 'auth.example.com',
      certificateArn: 'arn:aws:acm:eu-west-1:000000000000:certificate/0',
      hostedZoneId: 'Z0',
      mutualTls: { domainName: 'mtls.example.com', truststore: { bucket: 'certificates', key: 'a' } },
    };
    const stack = synthesize({ api, domain, replicaOf: HOME });

    for (const record of ['DomainRecord', 'MutualTlsRecord']) {
      test(`has ${record}, which leads to the nearest of those Regions that are well`, () => {
        const { Region, SetIdentifier, HealthCheckId, HostedZoneId } = stack.named(record).Properties;
        assert.deepEqual(
          { Region, SetIdentifier, HealthCheckId, HostedZoneId },
          {
            Region: '<AWS::Region>',
            SetIdentifier: '<AWS::Region>',
            HealthCheckId: '<HealthCheck>',
            HostedZoneId: 'Z0',
          },
        );
      });
    }

    test('is asked for whether it is well by the URL of the API here, which is open for that', () => {
      assert.deepEqual(stack.named('HealthCheck').Properties['HealthCheckConfig'], {
        Type: 'HTTPS',
        FullyQualifiedDomainName: `<${api}Api>.execute-api.<AWS::Region>.<AWS::URLSuffix>`,
        Port: 443,
        ResourcePath: path,
        EnableSNI: true,
        RequestInterval: 30,
        FailureThreshold: 3,
        Inverted: false,
        MeasureLatency: false,
      });
      const { DisableExecuteApiEndpoint } = stack.named(`${api}Api`).Properties;
      assert.equal(DisableExecuteApiEndpoint, false);
    });

    test('has no health check where it has no record', () => {
      const { hostedZoneId, ...elsewhere } = domain;
      assert.deepEqual(
        synthesize({ api, domain: elsewhere, replicaOf: HOME }).ofType('AWS::Route53::HealthCheck'),
        [],
      );
    });
  });
}

describe('Regions', () => {
  const pathOf = temporaryFolder();
  const { wrappingKeyArn, clientSecretKeyArn, ...others } = HOME;

  for (const [props, message] of [
    [{ replicaRegions: ['Ireland'], issuer }, /replicaRegions: write names of Regions, such as eu-west-1/],
    [{ replicaRegions: ['eu-west-1'] }, /replicaRegions: one name has to lead to all Regions/],
    [
      { replicaOf: HOME, issuer: 'https://other.example.com' },
      /replicaOf: that issuer is https:\/\/auth\.example\.com, and this one is https:\/\/other/,
    ],
    [
      { replicaRegions: ['eu-west-1'], issuer, keyRotation: Duration.days(90) },
      /keyRotation: a key that is made in KMS while the issuer runs is in one Region/,
    ],
    [{ replicaOf: HOME, issuer, signingAlgs: ['PS256'] }, /replicaOf: no such key signs PS256 in the home/],
    [{ replicaOf: others, issuer, signers: ['envelope'] }, /replicaOf: no such key signs RS256 in the home/],
    [{ replicaOf: others, issuer, clientSecretJwt: true }, /clientSecretJwt: the home Region has no key/],
  ] as const satisfies readonly (readonly [SignetStackProps, RegExp])[]) {
    test(`have to be those of one issuer: ${message.source.slice(0, 60)}`, () => {
      assert.throws(() => synthesize(props), message);
    });
  }

  const write = (name: string, content: unknown): string => {
    writeFileSync(pathOf(name), JSON.stringify(content));
    return pathOf(name);
  };

  test('are told apart in the context of the app: a replica is one by the outputs of its home', () => {
    const { SignetIssuer, SignetClientsTable, SignetKeysTable, SignetTokensTable } = OUTPUTS;
    const least = { SignetIssuer, SignetClientsTable, SignetKeysTable, SignetTokensTable };
    assert.deepEqual(readContext({ replicaOf: write('home.json', { Signet: OUTPUTS }) }).props, {
      replicaOf: HOME,
    });
    const { signingKeys, ...withoutKeys } = others;
    assert.deepEqual(readContext({ replicaOf: write('least.json', { Signet: least }) }).props, {
      replicaOf: { ...withoutKeys, signingKeys: [] },
    });
  });

  for (const [what, content] of [
    ['no file', undefined],
    ['nothing', {}],
    ['another stack', { Other: { BucketName: 'b' } }],
    ['a list', []],
  ] as const) {
    test(`are read from no file with ${what}`, () => {
      const file = content === undefined ? pathOf('none.json') : write('wrong.json', content);
      assert.throws(() => readContext({ replicaOf: file }), {
        message:
          '-c replicaOf: write a file that cdk deploy --outputs-file wrote of the issuer in its home Region',
      });
    });
  }

  test('have keys that can be replicated', () => {
    const SignetWrappingKey = 'arn:aws:kms:us-east-1:000000000000:key/1';
    const file = write('single.json', { Signet: { ...OUTPUTS, SignetWrappingKey } });
    assert.throws(
      () => readContext({ replicaOf: file }),
      /^SettingError: -c replicaOf: its keys are in one Region only/,
    );
  });
});
