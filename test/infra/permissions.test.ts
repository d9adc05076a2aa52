import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { type SynthesizedStack, synthesize } from '../support/synthesized-stack.ts';

const stack = synthesize({
  signingAlgs: ['RS256', 'PS256', 'ES384', 'EdDSA', 'ML-DSA-65'],
  registration: true,
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

const allow = (actions: readonly string[], resources: readonly string[], Condition?: unknown) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(Condition === undefined ? {} : { Condition }),
});
const writeLog = (name: string) => allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [`<${name}Log.Arn>`]);
const read = (...tables: readonly string[]) =>
  allow(
    ['dynamodb:BatchGetItem'],
    tables.map((table) => `<Tables${table}.Arn>`),
  );
const sign = (alg: string, signingAlgorithm: string) =>
  allow(['kms:Sign'], [`<${alg}Key.Arn>`], {
    StringEqualsIfExists: { 'kms:SigningAlgorithm': signingAlgorithm },
  });

/** An action on the items alone whose keys begin so. */
const onItems = (action: string, table: string, ...begin: readonly string[]) =>
  allow([`dynamodb:${action}`], [`<Tables${table}.Arn>`], {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': begin },
  });
const addReplays = onItems('PutItem', 'Tokens', 'replay#*');
const addReferenceTokens = onItems('PutItem', 'Tokens', 'reference#*');

/** Keys that are made while the issuer runs: their ARNs are not known, and their tag says for which key set they are. */
const ofMadeKeys = (actions: readonly string[], conditions: object = {}) =>
  allow(actions, ['*'], {
    ...conditions,
    StringEquals: { 'aws:ResourceTag/signet:key-set': '<TablesKeys>' },
  });
const signWithMadeKeys = (...signingAlgorithms: readonly string[]) =>
  ofMadeKeys(['kms:Sign'], { StringEqualsIfExists: { 'kms:SigningAlgorithm': signingAlgorithms } });

const discardMadeKeys = (...further: readonly string[]) => [
  allow(['kms:ListKeys', 'kms:ListResourceTags'], ['*']),
  ofMadeKeys(['kms:DescribeKey', ...further]),
  ofMadeKeys(['kms:ScheduleKeyDeletion'], {
    StringEqualsIfExists: { 'kms:KeyUsage': 'SIGN_VERIFY' },
    NumericGreaterThanEqualsIfExists: { 'kms:ScheduleKeyDeletionPendingWindowInDays': 30 },
  }),
];

/** All that each function may do. */
const PERMISSIONS = {
  Token: [
    writeLog('Token'),
    read('Clients', 'Keys', 'Tokens'),
    addReferenceTokens,
    addReplays,
    sign('RS256', 'RSASSA_PKCS1_V1_5_SHA_256'),
    sign('PS256', 'RSASSA_PSS_SHA_256'),
    sign('ES384', 'ECDSA_SHA_384'),
    sign('EdDSA', 'ED25519_SHA_512'),
    sign('MLDSA65', 'ML_DSA_SHAKE_256'),
    signWithMadeKeys(
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PSS_SHA_256',
      'ECDSA_SHA_384',
      'ED25519_SHA_512',
      'ML_DSA_SHAKE_256',
    ),
  ],
  Introspection: [writeLog('Introspection'), read('Clients', 'Keys', 'Tokens'), addReplays],
  Revocation: [
    writeLog('Revocation'),
    read('Clients', 'Keys', 'Tokens'),
    onItems('PutItem', 'Tokens', 'revoked#*'),
    addReplays,
  ],
  Jwks: [writeLog('Jwks'), read('Keys')],
  Metadata: [writeLog('Metadata')],
  Registration: [
    writeLog('Registration'),
    read('Clients'),
    onItems('PutItem', 'Clients', 'client#*', 'initial-access-token#*'),
    onItems('DeleteItem', 'Clients', 'client#*'),
  ],
  ResourceMetadata: [writeLog('ResourceMetadata'), onItems('BatchGetItem', 'Clients', 'resource#*')],
  NotFound: [writeLog('NotFound')],
  KeyPublication: [
    writeLog('KeyPublication'),
    allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem'], ['<TablesKeys.Arn>']),
    allow(
      ['kms:GetPublicKey'],
      ['<ES384Key.Arn>', '<EdDSAKey.Arn>', '<MLDSA65Key.Arn>', '<PS256Key.Arn>', '<RS256Key.Arn>'],
    ),
  ],
};

/** What changes for keys that are decrypted at the start of the token function, for as long as there are others. */
const withKeyPairs = (action: string) =>
  allow([`kms:${action}`], ['<EnvelopeWrappingKey.Arn>'], {
    StringEqualsIfExists: { 'kms:EncryptionContext:alg': ['RS256', 'ES256'] },
  });
const ENVELOPE_PERMISSIONS = {
  Token: [
    writeLog('Token'),
    read('Clients', 'Keys', 'Tokens'),
    addReferenceTokens,
    addReplays,
    withKeyPairs('Decrypt'),
  ],
  Introspection: PERMISSIONS.Introspection,
  KeyPublication: [
    writeLog('KeyPublication'),
    allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem'], ['<TablesKeys.Arn>']),
    withKeyPairs('GenerateDataKeyPairWithoutPlaintext'),
  ],
  KeyRotation: [
    writeLog('KeyRotation'),
    allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem'], ['<TablesKeys.Arn>']),
    withKeyPairs('GenerateDataKeyPairWithoutPlaintext'),
  ],
};
const envelope = synthesize({
  signingAlgs: ['RS256', 'ES256'],
  signers: ['envelope'],
  keyRotation: Duration.days(90),
});

/** What changes where introspection signs its responses: its function may what it may else, and sign with the same keys alike. */
const signing = synthesize({ signingAlgs: ['RS256', 'PS256'], signedIntrospection: true });
const signingInMemory = synthesize({
  signingAlgs: ['RS256', 'ES256'],
  signers: ['envelope'],
  signedIntrospection: true,
});
const signedIntrospection = [writeLog('SignedIntrospection'), read('Clients', 'Keys', 'Tokens'), addReplays];

test('introspection may sign with the keys and algorithms of the token function where it signs, and nothing else', () => {
  assert.deepEqual(
    statementsOf(signing, 'SignedIntrospection'),
    [
      ...signedIntrospection,
      sign('RS256', 'RSASSA_PKCS1_V1_5_SHA_256'),
      sign('PS256', 'RSASSA_PSS_SHA_256'),
      signWithMadeKeys('RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'),
    ]
      .map(asText)
      .sort(),
  );
  assert.deepEqual(
    statementsOf(signingInMemory, 'SignedIntrospection'),
    [...signedIntrospection, withKeyPairs('Decrypt')].map(asText).sort(),
  );
});

test('the function that says whether a Region is well may read the key set and sign, and nothing else', () => {
  const home = synthesize({ issuer: 'https://auth.example.com', replicaRegions: ['eu-west-1'] });
  assert.deepEqual(
    statementsOf(home, 'Health'),
    [writeLog('Health'), read('Keys'), sign('RS256', 'RSASSA_PKCS1_V1_5_SHA_256')].map(asText).sort(),
  );
});

test('an issuer has one introspection function: one that can sign, or one that cannot', () => {
  const introspections = ({ ofType }: SynthesizedStack) =>
    ofType('AWS::Lambda::Function').flatMap(({ name }) => (name.endsWith('Introspection') ? [name] : []));
  assert.deepEqual(introspections(stack), ['Introspection']);
  assert.deepEqual(introspections(signing), ['SignedIntrospection']);
  assert.deepEqual(signing.environment('Metadata')['SIGNET_SIGNED_INTROSPECTION'], 'true');
});

for (const [name, permissions] of Object.entries(ENVELOPE_PERMISSIONS)) {
  test(`${name} may do what it needs and nothing else where keys sign in memory`, () => {
    assert.deepEqual(statementsOf(envelope, name), permissions.map(asText).sort());
  });
}

test('Token may sign with two generations of keys, and those that are made for its key set, where one follows the other', () => {
  const permissions = statementsOf(synthesize({ keyGeneration: 3 }), 'Token');
  assert.deepEqual(
    permissions.filter((statement) => statement.includes('kms:')),
    [
      asText(signWithMadeKeys('RSASSA_PKCS1_V1_5_SHA_256')),
      asText({
        ...sign('', 'RSASSA_PKCS1_V1_5_SHA_256'),
        Resource: [2, 3].map((n) => `<RS256Generation${n}Key.Arn>`),
      }),
    ],
  );
});

test('KeyRotation may make keys in KMS for its key set, read and delete these, and nothing else, where keys sign there', () => {
  const rotated = synthesize({ keyRotation: Duration.days(90) });
  const permissions = [
    writeLog('KeyRotation'),
    allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem'], ['<TablesKeys.Arn>']),
    allow(['kms:CreateKey', 'kms:TagResource'], ['*'], {
      StringEquals: { 'aws:RequestTag/signet:key-set': '<TablesKeys>' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['signet:key-set'] },
    }),
    ...discardMadeKeys('kms:GetPublicKey'),
  ];
  assert.deepEqual(statementsOf(rotated, 'KeyRotation'), permissions.map(asText).sort());
  assert.equal(rotated.environment('KeyRotation')['SIGNET_SIGNING_KEY_TAG'], '<TablesKeys>');
  assert.equal(rotated.outputs['SignetSigningKeyTag']?.Value, '<TablesKeys>');
  assert.equal(envelope.environment('KeyRotation')['SIGNET_SIGNING_KEY_TAG'], 'none');
  assert.equal(envelope.outputs['SignetSigningKeyTag'], undefined);
});

test('KeyPublication may delete the keys that were made for its key set where they go with a throw-away stack', () => {
  const added = statementsOf(synthesize({ throwAway: true }), 'KeyPublication').filter(
    (statement) => !statementsOf(synthesize(), 'KeyPublication').includes(statement),
  );
  assert.deepEqual(added, discardMadeKeys().map(asText).sort());
});

for (const [name, permissions] of Object.entries(PERMISSIONS)) {
  test(`${name} may do what it needs and nothing else`, () => {
    assert.deepEqual(statementsOf(stack, name), permissions.map(asText).sort());
  });
}

for (const name of ['Token', 'Introspection', 'Revocation'] as const) {
  test(`${name} may derive secrets as well where clients authenticate by client_secret_jwt, by their key alone`, () => {
    const withSecrets = synthesize({ signingAlgs: ['RS256'], clientSecretJwt: true });
    const before = statementsOf(synthesize({ signingAlgs: ['RS256'] }), name);
    const added = statementsOf(withSecrets, name).filter((statement) => !before.includes(statement));
    assert.deepEqual(added, [asText(allow(['kms:GenerateMac'], ['<ClientSecretKey.Arn>']))]);
  });
}

test('Token alone may invoke the hook, and nothing else, where there is one; without one none may invoke anything', () => {
  const tokenHookArn = 'arn:aws:lambda:us-east-1:000000000000:function:hook:live';
  const hooked = synthesize({ signingAlgs: ['RS256'], tokenHookArn, registration: true });
  const plain = synthesize({ signingAlgs: ['RS256'], registration: true });
  for (const name of Object.keys(PERMISSIONS)) {
    const before = statementsOf(plain, name);
    const added = statementsOf(hooked, name).filter((statement) => !before.includes(statement));
    const invoke = asText(allow(['lambda:InvokeFunction'], [tokenHookArn]));
    assert.deepEqual(added, name === 'Token' ? [invoke] : []);
  }
  assert.equal(hooked.environment('Token')['SIGNET_TOKEN_HOOK'], tokenHookArn);
  assert.equal(plain.environment('Token')['SIGNET_TOKEN_HOOK'], 'none');
  const policies = JSON.stringify(plain.ofType('AWS::IAM::Policy').map(({ Properties }) => Properties));
  assert.doesNotMatch(policies, /lambda:/);
});

for (const api of ['http', 'rest'] as const) {
  test(`no permission of a stack with the ${api} API is on * but that to sign with keys of its own tag, and no role of a function has a policy that AWS manages`, () => {
    const { ofType } = synthesize({ api });
    const policies = JSON.stringify(ofType('AWS::IAM::Policy').map(({ Properties }) => Properties));
    const ofTag = '"Resource":"*"';
    // What the keys of items begin with narrows a permission down.
    assert.doesNotMatch(policies.replaceAll(/"[a-z-]+#\*"/g, '').replace(ofTag, ''), /\*/);
    const managed = ofType('AWS::IAM::Role').filter(({ Properties }) => 'ManagedPolicyArns' in Properties);
    assert.deepEqual(
      managed.map(({ name }) => name),
      api === 'rest' ? ['restApiCloudWatchRole'] : [],
    );
  });
}

for (const api of ['http', 'rest'] as const) {
  test(`the ${api} API and the schedule alone may call functions, and nobody of another account`, () => {
    const { ofType } = synthesize({
      api,
      registration: true,
      signers: ['envelope'],
      keyRotation: Duration.days(90),
    });
    const callers = ofType('AWS::Lambda::Permission').map(
      ({ Properties: { FunctionName, Principal, SourceArn } }) =>
        FunctionName === '<KeyRotation.Arn>'
          ? `${Principal} of ${SourceArn} to rotate keys`
          : `${Principal} of ${String(SourceArn).split('/')[0]}`,
    );
    const account = '<AWS::Region>:<AWS::AccountId>';
    assert.deepEqual(
      new Set(callers),
      new Set([
        'events.amazonaws.com of <KeyRotationSchedule.Arn> to rotate keys',
        `apigateway.amazonaws.com of arn:<AWS::Partition>:execute-api:${account}:<${api}Api>`,
      ]),
    );
  });
}

/** Everything that the policies of a function's role say, one sorted line a statement. */
function statementsOf({ ofType, named }: SynthesizedStack, name: string): readonly string[] {
  assert.deepEqual(named(name).Properties['Role'], `<${name}Role.Arn>`);
  assert.deepEqual(Object.keys(named(`${name}Role`).Properties), ['AssumeRolePolicyDocument']);
  return ofType('AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']) === `["<${name}Role>"]`)
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().sort(),
      Resource: [statement.Resource].flat().sort(),
    }))
    .map(asText)
    .sort();
}

function asText(statement: Statement): string {
  const { Effect, Action, Resource, ...rest } = statement;
  return JSON.stringify({ Effect, Action, Resource, ...rest });
}
