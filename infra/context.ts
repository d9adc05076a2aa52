import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { HostSchema } from '../core/federation/https-url.ts';
import { ALGS } from '../core/jose/algorithms.ts';
import { HomeIssuerFileSchema } from './home-issuer.ts';
import { RegionSchema } from './regions.ts';
import { SettingError } from './setting.ts';
import type { SignetStackProps } from './stack.ts';

const stackName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'write a letter, then at most 127 letters, digits and hyphens'),
);
const text = v.pipe(v.string(), v.nonEmpty('write a value after the equals sign'));
const algs = v.pipe(
  v.string(),
  v.transform((list) => list.split(',')),
  v.tupleWithRest([alg()], alg()),
  v.check((list) => new Set(list).size === list.length, 'write each algorithm once'),
);
const signers = v.pipe(
  v.string(),
  v.transform((list) => list.split(',')),
  v.tupleWithRest([signer()], signer()),
);
const hosts = v.pipe(
  text,
  v.transform((list) => list.split(',')),
  v.array(HostSchema),
);
const regions = v.pipe(
  text,
  v.transform((list) => list.split(',')),
  v.array(RegionSchema),
);
const count = v.pipe(v.string(), v.regex(/^\d{1,9}$/, 'write a whole number'), v.transform(Number));
const seconds = v.pipe(
  count,
  v.transform((amount) => Duration.seconds(amount)),
);
const wholeDays = v.pipe(
  count,
  v.transform((amount) => Duration.days(amount)),
);
const days = v.pipe(
  count,
  v.enum(RetentionDays, 'write a number of days that CloudWatch Logs knows, such as 7, 30, 90 or 365'),
);
const certificateArn = v.pipe(
  v.string(),
  v.regex(/^arn:[\w-]+:acm:/, 'write the ARN of a certificate in AWS Certificate Manager'),
);
const functionArn = v.pipe(
  v.string(),
  v.regex(/^arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w:$-]+$/, 'write the ARN of a Lambda function'),
);
const topicArn = v.pipe(
  v.string(),
  v.regex(/^arn:[\w-]+:sns:[\w-]+:\d+:[\w-]+$/, 'write the ARN of an SNS topic'),
);
const truststore = v.pipe(
  v.string(),
  v.regex(
    /^s3:\/\/[a-z0-9.-]+\/[^?]+(\?versionId=.+)?$/,
    'write where it is in S3: s3://BUCKET/KEY?versionId=VERSION',
  ),
  v.transform((uri) => {
    const [place = '', version] = uri.slice('s3://'.length).split('?versionId=');
    const slash = place.indexOf('/');
    const named = { bucket: place.slice(0, slash), key: place.slice(slash + 1) };
    return { ...named, ...(version !== undefined && { version }) };
  }),
);
const trueOrFalse = v.pipe(
  v.picklist(['true', 'false'], 'write true or false'),
  v.transform((value) => value === 'true'),
);

/** The keys of the app's context, as `cdk deploy -c KEY=VALUE` sets them, described as docs/configuration.md has them. */
export const CONTEXT = {
  stack: key(stackName, 'the name of the stack, `Signet` when absent; an account can have several issuers'),
  issuer: key(text, '`issuer`, a URL'),
  api: key(v.picklist(['http', 'rest'], 'write http or rest'), '`api`, `http` or `rest`'),
  algs: key(algs, '`signingAlgs`, with commas between: `RS256,ES256`'),
  signers: key(signers, '`signers`, `kms`, `envelope` or `kms,envelope`'),
  clientSecretJwt: key(trueOrFalse, '`clientSecretJwt`, `true` or `false`'),
  keyRotation: key(wholeDays, '`keyRotation`, in days'),
  keyGeneration: key(count, '`keyGeneration`'),
  replicaRegions: key(regions, '`replicaRegions`, with commas between'),
  replicaOf: key(
    HomeIssuerFileSchema,
    '`replicaOf`, by a file: what `cdk deploy --outputs-file` wrote of the issuer in its home Region',
  ),
  tokenHookArn: key(functionArn, '`tokenHook`, by its ARN'),
  lifetime: key(seconds, '`accessTokenLifetime`, in seconds'),
  cache: key(seconds, '`cache`, in seconds'),
  dpopNonces: key(trueOrFalse, '`dpopNonces`, `true` or `false`'),
  privateHosts: key(hosts, '`privateHosts`, with commas between'),
  tokenEndpointAudience: key(trueOrFalse, '`tokenEndpointAudience`, `true` or `false`'),
  registration: key(trueOrFalse, '`registration`, `true` or `false`'),
  signedIntrospection: key(trueOrFalse, '`signedIntrospection`, `true` or `false`'),
  domainName: key(text, '`domain.domainName`, with `certificateArn`'),
  certificateArn: key(certificateArn, '`domain.certificate`, by its ARN'),
  hostedZoneId: key(text, '`domain.hostedZone`, by its id'),
  mutualTlsDomainName: key(text, '`domain.mutualTls.domainName`, with `truststore` and `domainName`'),
  truststore: key(
    truststore,
    '`domain.mutualTls`: its trust store, as `s3://BUCKET/KEY`, with `?versionId=VERSION` where the bucket keeps versions',
  ),
  rateLimit: key(count, '`throttle.rateLimit`, with `burstLimit`'),
  burstLimit: key(count, '`throttle.burstLimit`, with `rateLimit`'),
  monitoring: key(trueOrFalse, '`monitoring`, `true` or `false`'),
  alarmTopicArn: key(topicArn, '`alarmTopic`, by its ARN'),
  refusalsAlarm: key(count, '`refusalsAlarm`'),
  logRetention: key(days, '`logRetention`, in days'),
  throwAway: key(trueOrFalse, '`throwAway`, `true` or `false`'),
};

/** Keys that mean nothing without another. */
const BELONGS_TO = [
  ['domainName', 'certificateArn'],
  ['certificateArn', 'domainName'],
  ['hostedZoneId', 'domainName'],
  ['mutualTlsDomainName', 'truststore'],
  ['mutualTlsDomainName', 'domainName'],
  ['truststore', 'mutualTlsDomainName'],
  ['rateLimit', 'burstLimit'],
  ['burstLimit', 'rateLimit'],
] as const;

function alg() {
  return v.picklist(ALGS, `write some of ${ALGS.join(', ')}, with commas between`);
}

function signer() {
  return v.picklist(['kms', 'envelope'], 'write kms, envelope, or kms,envelope');
}

function key<T>(schema: v.GenericSchema<string, T>, meaning: string) {
  return v.exactOptional(v.pipe(schema, v.description(meaning)));
}

/**
 * Reads from the app's context what it is to deploy.
 *
 * The CDK's own keys have a colon, a hyphen or an at sign in them. Any other that is none of these is refused: who misspells
 * `throwAway` should hear of it now.
 *
 * @throws SettingError for such a key, for a value that cannot be, and for a key without the one that it belongs to
 */
export function readContext(context: Readonly<Record<string, unknown>>): {
  readonly stackName: string;
  readonly props: SignetStackProps;
} {
  const own = Object.entries(context).filter(([name]) => /^\w+$/.test(name));
  const values = Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(CONTEXT, name));
  if (unknown !== undefined) throw contextError(unknown, `write one of ${Object.keys(CONTEXT).join(', ')}`);
  const [alone, other] = BELONGS_TO.find(([one, two]) => one in values && !(two in values)) ?? [];
  if (alone !== undefined) throw contextError(alone, `write -c ${other}=… as well`);
  const parsed = v.safeParse(v.object(CONTEXT), values);
  if (parsed.success) return toProps(parsed.output);
  const [issue] = parsed.issues;
  throw contextError(String(issue.path?.[0].key), issue.message);
}

function contextError(name: string, advice: string): SettingError {
  return new SettingError(`-c ${name}: ${advice}`);
}

function toProps(values: v.InferOutput<v.ObjectSchema<typeof CONTEXT, undefined>>) {
  const { stack = 'Signet', algs, lifetime, ...others } = values;
  const { domainName, certificateArn, hostedZoneId, mutualTlsDomainName, truststore, ...further } = others;
  const { rateLimit, burstLimit, ...same } = further;
  const props = {
    ...same,
    ...(algs && { signingAlgs: algs }),
    ...(lifetime && { accessTokenLifetime: lifetime }),
    ...(rateLimit !== undefined && burstLimit !== undefined && { throttle: { rateLimit, burstLimit } }),
    ...(domainName !== undefined &&
      certificateArn !== undefined && {
        domain: {
          domainName,
          certificateArn,
          ...(hostedZoneId !== undefined && { hostedZoneId }),
          ...(mutualTlsDomainName !== undefined &&
            truststore && { mutualTls: { domainName: mutualTlsDomainName, truststore } }),
        },
      }),
  };
  return { stackName: stack, props };
}
