import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Duration } from 'aws-cdk-lib';
import { ENDPOINTS, KEY_PUBLICATION, KEY_ROTATION } from '../../infra/endpoints.ts';
import { synthesize, type TemplateResource } from '../support/synthesized-stack.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');
const stack = synthesize({
  issuer: 'https://auth.example.com',
  replicaRegions: ['eu-west-1'],
  registration: true,
  signers: ['envelope'],
  keyRotation: Duration.days(90),
});
/** Where introspection has the other function. */
const signing = synthesize({ signedIntrospection: true });
const lambdas = [...stack.ofType('AWS::Lambda::Function'), signing.named('SignedIntrospection')];

test('every function has a row, every row a function, and both a Lambda', () => {
  const files = readdirSync(FUNCTIONS)
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
  assert.deepEqual([...ENDPOINTS, KEY_PUBLICATION, KEY_ROTATION].map(({ name }) => name).sort(), files);
  assert.deepEqual(lambdas.map(fileOf).sort(), files);
});

for (const lambda of lambdas) {
  test(`${lambda.name} runs Node 24 on arm64, without a name of its own, and ends before API Gateway gives up`, () => {
    const { Architectures, Runtime, Handler, Timeout, ReservedConcurrentExecutions, FunctionName } =
      lambda.Properties;
    assert.deepEqual(
      { Architectures, Runtime, Handler, ReservedConcurrentExecutions, FunctionName },
      {
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        ReservedConcurrentExecutions: undefined,
        FunctionName: undefined,
      },
    );
    assert.ok(Number(Timeout) < 29);
  });

  test(`${lambda.name} is given the settings that it reads, all of them and no other`, async () => {
    const given = (lambda.name === 'SignedIntrospection' ? signing : stack).environment(lambda.name);
    const read = new Set<string>();
    const environment = process.env;
    process.env = new Proxy<NodeJS.ProcessEnv>(
      { ...given, SIGNET_ISSUER: 'https://auth.example.com' },
      {
        get(variables, variable: string) {
          if (variable.startsWith('SIGNET_')) read.add(variable);
          return variables[variable];
        },
      },
    );
    try {
      await import(join(FUNCTIONS, `${fileOf(lambda)}.ts`));
    } finally {
      process.env = environment;
    }
    assert.deepEqual([...read].sort(), Object.keys(given).sort());
  });
}

/** The file of a function: its description has it. */
function fileOf({ Properties }: TemplateResource): string {
  return String(Properties['Description']).replace('Signet: ', '');
}
