import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ALGS, type Alg } from '../../core/jose/algorithms.ts';
import { synthesize } from '../support/synthesized-stack.ts';

const STORAGE = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'];
const [defaultAlg, ...otherAlgs] = ALGS;
assert(defaultAlg);
const signingAlgs = [defaultAlg, ...otherAlgs] as const;
const chosen = { signingAlgs, signers: ['kms', 'envelope'], clientSecretJwt: true } as const;
const kept = synthesize(chosen);
const throwAway = synthesize({ ...chosen, throwAway: true });

describe('a kept stack', () => {
  const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const table = {
    AttributeDefinitions: [attribute('record')],
    KeySchema: [{ AttributeName: 'record', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: false },
    Replicas: [
      {
        Region: '<AWS::Region>',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      },
    ],
  };
  const TABLES = {
    TablesKeys: table,
    TablesTokens: { ...table, TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true } },
    TablesClients: {
      ...table,
      AttributeDefinitions: [attribute('record'), attribute('kind'), attribute('id')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ByKind',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'id', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    },
  };

  for (const [name, properties] of Object.entries(TABLES)) {
    test(`has ${name}, recoverable, protected from deletion, without a physical name`, () => {
      assert.deepEqual(kept.named(name).Properties, properties);
    });
  }

  test('outlives itself in everything that it keeps', () => {
    for (const { name, DeletionPolicy, UpdateReplacePolicy } of storage(kept)) {
      assert.deepEqual(
        { name, DeletionPolicy, UpdateReplacePolicy },
        { name, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
      );
    }
  });
});

describe('a throw-away stack', () => {
  test('takes everything along', () => {
    const staying = throwAway.resources.filter(
      ({ Type, DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete' && Type !== 'AWS::CDK::Metadata',
    );
    assert.deepEqual(staying, []);
    const restStaying = synthesize({ api: 'rest', throwAway: true }).resources.filter(
      ({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete',
    );
    assert.deepEqual(restStaying, []);
  });

  test('has tables that can be deleted', () => {
    const tables = throwAway.ofType('AWS::DynamoDB::GlobalTable');
    const protections = tables.map(({ Properties }) =>
      (Properties['Replicas'] as { DeletionProtectionEnabled: boolean }[]).map(
        ({ DeletionProtectionEnabled }) => DeletionProtectionEnabled,
      ),
    );
    assert.deepEqual(protections, [[false], [false], [false]]);
  });

  test('has keys that are deleted as soon as KMS lets them', () => {
    const keys = throwAway.ofType('AWS::KMS::Key');
    assert.deepEqual(
      keys.map(({ Properties }) => Properties['PendingWindowInDays']),
      [...ALGS, 'the wrapping key', 'the key of client secrets'].map(() => 7),
    );
  });
});

describe('signing keys', () => {
  const KEY_SPECS = {
    RS256: 'RSA_2048',
    RS384: 'RSA_2048',
    RS512: 'RSA_2048',
    PS256: 'RSA_2048',
    PS384: 'RSA_2048',
    PS512: 'RSA_2048',
    ES256: 'ECC_NIST_P256',
    ES384: 'ECC_NIST_P384',
    ES512: 'ECC_NIST_P521',
    EdDSA: 'ECC_NIST_EDWARDS25519',
    'ML-DSA-44': 'ML_DSA_44',
    'ML-DSA-65': 'ML_DSA_65',
    'ML-DSA-87': 'ML_DSA_87',
  } satisfies Record<Alg, string>;

  for (const [alg, keySpec] of Object.entries(KEY_SPECS)) {
    test(`that sign ${alg} are ${keySpec} and published by a custom resource`, () => {
      // The names in a template are letters and digits.
      const name = alg.replaceAll('-', '');
      const { KeySpec, KeyUsage } = kept.named(`${name}Key`).Properties;
      assert.deepEqual({ KeySpec, KeyUsage }, { KeySpec: keySpec, KeyUsage: 'SIGN_VERIFY' });
      const { Type, Properties } = kept.named(`${name}Publication`);
      assert.equal(Type, 'Custom::SigningKey');
      assert.deepEqual(Properties, {
        ServiceToken: '<KeyPublication.Arn>',
        ServiceTimeout: '120',
        Alg: alg,
        KeyArn: `<${name}Key.Arn>`,
      });
    });
  }

  for (const alg of ALGS.filter((each) => !each.startsWith('ML-DSA'))) {
    test(`that sign ${alg} in memory are made by a custom resource, under one key that KMS rotates`, () => {
      const { Type, Properties } = kept.named(`Envelope${alg}`);
      assert.equal(Type, 'Custom::EnvelopeKey');
      assert.deepEqual(Properties, {
        ServiceToken: '<KeyPublication.Arn>',
        ServiceTimeout: '120',
        Alg: alg,
        WrappingKeyArn: '<EnvelopeWrappingKey.Arn>',
      });
      const { EnableKeyRotation, KeySpec } = kept.named('EnvelopeWrappingKey').Properties;
      assert.deepEqual({ EnableKeyRotation, KeySpec }, { EnableKeyRotation: true, KeySpec: undefined });
    });
  }

  test('are key pairs alone where the issuer signs with nothing else', () => {
    const { ofType } = synthesize({ signers: ['envelope'] });
    assert.deepEqual(
      [...ofType('AWS::KMS::Key'), ...ofType('Custom::EnvelopeKey'), ...ofType('Custom::SigningKey')].map(
        ({ name }) => name,
      ),
      ['EnvelopeWrappingKey', 'EnvelopeRS256'],
    );
  });

  for (const [keyGeneration, names] of [
    [2, ['RS256', 'RS256Generation2']],
    [3, ['RS256Generation2', 'RS256Generation3']],
  ] as const) {
    test(`are those of generation ${keyGeneration} and of the one before it, published in this order`, () => {
      const { ofType } = synthesize({ keyGeneration });
      const keys = ofType('AWS::KMS::Key').map(({ name }) => name);
      const [before, latest, ...others] = ofType('Custom::SigningKey');
      assert.deepEqual(
        keys,
        names.map((name) => `${name}Key`),
      );
      assert.deepEqual(
        [before?.name, latest?.name, others],
        [...names.map((name) => `${name}Publication`), []],
      );
      assert.ok(before && latest?.DependsOn?.includes(before.id));
    });
  }

  test('that sign in memory are rotated by a function that looks once a day, where that was chosen', () => {
    const { only } = synthesize({ signers: ['envelope'], keyRotation: Duration.days(30) });
    const { ScheduleExpression, State, Targets } = only('AWS::Events::Rule').Properties;
    assert.deepEqual([ScheduleExpression, State], ['rate(1 day)', 'ENABLED']);
    assert.deepEqual(
      (Targets as { Arn: string }[]).map(({ Arn }) => Arn),
      ['<KeyRotation.Arn>'],
    );
  });

  test('that sign in memory have an output for the command that makes others, and others have none', () => {
    const output = (signer: 'kms' | 'envelope') =>
      synthesize({ signers: [signer] }).outputs['SignetWrappingKey'];
    assert.deepEqual(output('envelope'), { Value: '<EnvelopeWrappingKey.Arn>' });
    assert.equal(output('kms'), undefined);
  });

  test('are RS256 alone by default', () => {
    const keys = synthesize().ofType('AWS::KMS::Key');
    assert.deepEqual(
      keys.map(({ name }) => name),
      ['RS256Key'],
    );
  });

  test('are published before any endpoint speaks of them', () => {
    const publications = kept.ofType('Custom::SigningKey').map(({ id }) => id);
    const endpoints = kept.ofType('AWS::Lambda::Function').filter(({ name }) => name !== 'KeyPublication');
    for (const { name, DependsOn = [] } of endpoints) {
      assert.deepEqual(new Set(publications).difference(new Set(DependsOn)), new Set(), name);
    }
  });
});

describe('every key in KMS', () => {
  test('is used by whom the IAM of its account lets, and by nobody of another account', () => {
    const account = { AWS: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root' };
    for (const { name, Properties } of kept.ofType('AWS::KMS::Key')) {
      assert.deepEqual(
        Properties['KeyPolicy'],
        {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'kms:*', Principal: account, Resource: '*' }],
        },
        name,
      );
    }
  });
});

describe('the key that client secrets are derived by', () => {
  test('makes MACs of 512 bits and does nothing else, and the stack tells the command which it is', () => {
    const { KeySpec, KeyUsage } = kept.named('ClientSecretKey').Properties;
    assert.deepEqual({ KeySpec, KeyUsage }, { KeySpec: 'HMAC_512', KeyUsage: 'GENERATE_VERIFY_MAC' });
    assert.equal(kept.outputs['SignetClientSecretKey']?.Value, '<ClientSecretKey.Arn>');
  });

  test('is not there by default, and no function is told of one', () => {
    const stack = synthesize();
    assert.equal(stack.outputs['SignetClientSecretKey'], undefined);
    assert.equal(stack.environment('Metadata')['SIGNET_CLIENT_SECRET_JWT'], 'false');
    assert.equal(stack.environment('Token')['SIGNET_CLIENT_SECRET_KEY'], 'none');
    assert.equal(kept.environment('Metadata')['SIGNET_CLIENT_SECRET_JWT'], 'true');
    assert.equal(kept.environment('Token')['SIGNET_CLIENT_SECRET_KEY'], '<ClientSecretKey.Arn>');
  });
});

describe('log groups', () => {
  test('are there for every function and for the API, each function writing JSON to its own', () => {
    const lambdas = kept.ofType('AWS::Lambda::Function');
    for (const { name, Properties } of lambdas) {
      assert.deepEqual(Properties['LoggingConfig'], { LogFormat: 'JSON', LogGroup: `<${name}Log>` });
    }
    const names = [...lambdas.map(({ name }) => `${name}Log`), 'httpAccessLog'];
    assert.deepEqual(
      kept
        .ofType('AWS::Logs::LogGroup')
        .map(({ name }) => name)
        .sort(),
      names.sort(),
    );
  });

  for (const [logRetention, days] of [
    [undefined, 90],
    [RetentionDays.ONE_YEAR, 365],
  ] as const) {
    test(`keep what is in them for ${days} days when ${logRetention ?? 'nothing'} was chosen`, () => {
      const { ofType } = synthesize(logRetention === undefined ? {} : { logRetention });
      for (const { name, Properties } of ofType('AWS::Logs::LogGroup')) {
        assert.deepEqual(Properties, { RetentionInDays: days }, name);
      }
    });
  }
});

function storage({ resources }: Pick<typeof kept, 'resources'>) {
  return resources.filter(({ Type }) => STORAGE.includes(Type));
}
