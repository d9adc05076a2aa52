import { join } from 'node:path';
import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { BUNDLING } from './bundling.ts';
import type { FunctionNeeds } from './endpoints.ts';
import { bindingOf, type Needed } from './needs.ts';

const FUNCTIONS = join(import.meta.dirname, '../functions');

/** What CDK has no property for, as arguments of esbuild. */
const ESBUILD_ARGUMENTS = Object.fromEntries([
  ...Object.entries(BUNDLING.alias).map(([name, file]) => [`--alias:${name}`, file]),
  ...Object.entries(BUNDLING.supported).map(([feature, is]) => [`--supported:${feature}`, String(is)]),
]);

/** More than half a CPU: with less the start of the AWS SDK is felt, and KMS costs many times what the memory does. */
const MEMORY_MEGABYTES = 1024;

/** Less than API Gateway waits (29 seconds), so that a function that hangs is ended, and logged, while its caller still waits. */
const TIMEOUT = Duration.seconds(20);

/** How the logs of an issuer are kept. */
export interface LogKeeping {
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A Lambda with what it needs and nothing more.
 *
 * It has no active tracing: that would show its start and its duration, which its log has, and be the one permission on `*`.
 */
export class IssuerFunction extends NodejsFunction {
  constructor(scope: Construct, { name, needs }: FunctionNeeds, needed: Needed, logKeeping: LogKeeping) {
    const id = pascalCase(name);
    const logGroup = new LogGroup(scope, `${id}Log`, logKeeping);
    // A role of our own: the one that CDK makes may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      description: `Signet: ${name}`,
      entry: join(FUNCTIONS, `${name}.ts`),
      bundling: {
        ...BUNDLING,
        format: OutputFormat.CJS,
        esbuildArgs: ESBUILD_ARGUMENTS,
        externalModules: BUNDLING.external,
        logLevel: LogLevel.WARNING,
      },
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MEGABYTES,
      timeout: TIMEOUT,
      loggingFormat: LoggingFormat.JSON,
      awsSdkConnectionReuse: false,
      logGroup,
      role,
    });
    for (const need of needs) {
      const { environment = {}, statements = [], acknowledged = {} } = bindingOf(need, needed);
      for (const [variable, value] of Object.entries(environment)) this.addEnvironment(variable, value);
      for (const statement of statements) this.addToRolePolicy(statement);
      for (const [id, reason] of Object.entries(acknowledged))
        Validations.of(role).acknowledge({ id, reason });
    }
  }
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
