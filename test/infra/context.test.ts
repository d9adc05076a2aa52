import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { App, Duration } from 'aws-cdk-lib';
import { readContext } from '../../infra/context.ts';
import { SettingError } from '../../infra/setting.ts';
import { SignetStack } from '../../infra/stack.ts';

const CDK_KEYS = {
  'aws:cdk:enable-path-metadata': true,
  '@aws-cdk/core:a-flag': true,
  'acknowledged-issue-numbers': [1],
};
const certificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/0';
const alarmTopicArn = 'arn:aws:sns:us-east-1:000000000000:on-call';
const tokenHookArn = 'arn:aws:lambda:us-east-1:000000000000:function:hook:live';

describe('the context of the app', () => {
  test('may be empty but for what is the CDK’s', () => {
    assert.deepEqual(readContext(CDK_KEYS), { stackName: 'Signet', props: {} });
  });

  test('chooses everything that the construct lets choose', () => {
    assert.deepEqual(
      readContext({
        ...CDK_KEYS,
        stack: 'Payments',
        issuer: 'https://auth.example.com/payments',
        api: 'rest',
        algs: 'ES256,RS256',
        signers: 'kms,envelope',
        clientSecretJwt: 'true',
        keyRotation: '90',
        keyGeneration: '2',
        replicaRegions: 'eu-west-1,eu-central-1',
        tokenHookArn,
        lifetime: '900',
        cache: '0',
        dpopNonces: 'true',
        privateHosts: 'issuer.internal,10.0.0.1',
        tokenEndpointAudience: 'true',
        registration: 'true',
        signedIntrospection: 'true',
        domainName: 'auth.example.com',
        certificateArn,
        hostedZoneId: 'Z0',
        mutualTlsDomainName: 'mtls.example.com',
        truststore: 's3://certificates/a/clients.pem?versionId=v.1_',
        rateLimit: '50',
        burstLimit: '100',
        monitoring: 'false',
        alarmTopicArn,
        refusalsAlarm: '20',
        logRetention: '365',
        throwAway: 'true',
      }),
      {
        stackName: 'Payments',
        props: {
          issuer: 'https://auth.example.com/payments',
          api: 'rest',
          signingAlgs: ['ES256', 'RS256'],
          signers: ['kms', 'envelope'],
          clientSecretJwt: true,
          keyRotation: Duration.days(90),
          keyGeneration: 2,
          replicaRegions: ['eu-west-1', 'eu-central-1'],
          tokenHookArn,
          accessTokenLifetime: Duration.seconds(900),
          cache: Duration.seconds(0),
          dpopNonces: true,
          privateHosts: ['issuer.internal', '10.0.0.1'],
          tokenEndpointAudience: true,
          registration: true,
          signedIntrospection: true,
          domain: {
            domainName: 'auth.example.com',
            certificateArn,
            hostedZoneId: 'Z0',
            mutualTls: {
              domainName: 'mtls.example.com',
              truststore: { bucket: 'certificates', key: 'a/clients.pem', version: 'v.1_' },
            },
          },
          throttle: { rateLimit: 50, burstLimit: 100 },
          monitoring: false,
          alarmTopicArn,
          refusalsAlarm: 20,
          logRetention: 365,
          throwAway: true,
        },
      },
    );
  });

  test('may have values that are no strings, as cdk.json writes them', () => {
    assert.deepEqual(readContext({ throwAway: false, lifetime: 60 }).props, {
      throwAway: false,
      accessTokenLifetime: Duration.seconds(60),
    });
  });

  const REFUSED = [
    [{ throwaway: 'true' }, /^-c throwaway: write one of stack, issuer, api, .*, throwAway$/],
    [{ constructor: 'true' }, /^-c constructor: write one of/],
    [{ stack: '1st' }, /^-c stack: write a letter, then/],
    [{ issuer: '' }, /^-c issuer: write a value after the equals sign$/],
    [{ api: 'soap' }, /^-c api: write http or rest$/],
    [{ algs: 'RS256,HS256' }, /^-c algs: write some of RS256, RS384, .*, ML-DSA-87, with commas between$/],
    [{ algs: '' }, /^-c algs: write some of/],
    [{ algs: 'RS256,RS256' }, /^-c algs: write each algorithm once$/],
    [{ signers: 'hsm' }, /^-c signers: write kms, envelope, or kms,envelope$/],
    [{ keyRotation: '90d' }, /^-c keyRotation: write a whole number$/],
    [{ tokenHookArn: 'hook' }, /^-c tokenHookArn: write the ARN of a Lambda function$/],
    [{ tokenHookArn: `${tokenHookArn}*` }, /^-c tokenHookArn: write the ARN of a Lambda function$/],
    [{ alarmTopicArn: 'on-call' }, /^-c alarmTopicArn: write the ARN of an SNS topic$/],
    [{ refusalsAlarm: 'many' }, /^-c refusalsAlarm: write a whole number$/],
    [{ lifetime: '1h' }, /^-c lifetime: write a whole number$/],
    [{ cache: '-1' }, /^-c cache: write a whole number$/],
    [{ privateHosts: 'a,b:443' }, /^-c privateHosts: a host is a name or an address as URLs have it/],
    [{ tokenEndpointAudience: 'yes' }, /^-c tokenEndpointAudience: write true or false$/],
    [{ logRetention: '42' }, /^-c logRetention: write a number of days that CloudWatch Logs knows/],
    [{ dpopNonces: 'yes' }, /^-c dpopNonces: write true or false$/],
    [{ throwAway: 'yes' }, /^-c throwAway: write true or false$/],
    [{ domainName: 'auth.example.com' }, /^-c domainName: write -c certificateArn=… as well$/],
    [{ certificateArn }, /^-c certificateArn: write -c domainName=… as well$/],
    [{ domainName: 'auth.example.com', certificateArn: 'mine' }, /^-c certificateArn: write the ARN of a/],
    [{ hostedZoneId: 'Z0' }, /^-c hostedZoneId: write -c domainName=… as well$/],
    [{ mutualTlsDomainName: 'mtls.example.com' }, /^-c mutualTlsDomainName: write -c truststore=… as well$/],
    [{ truststore: 's3://a/b' }, /^-c truststore: write -c mutualTlsDomainName=… as well$/],
    [
      { mutualTlsDomainName: 'mtls.example.com', truststore: 's3://a/b' },
      /^-c mutualTlsDomainName: write -c domainName=… as well$/,
    ],
    [
      {
        domainName: 'auth.example.com',
        certificateArn,
        mutualTlsDomainName: 'm.example.com',
        truststore: 'a',
      },
      /^-c truststore: write where it is in S3: s3:\/\/BUCKET\/KEY\?versionId=VERSION$/,
    ],
    [{ rateLimit: '5' }, /^-c rateLimit: write -c burstLimit=… as well$/],
    [{ burstLimit: '5' }, /^-c burstLimit: write -c rateLimit=… as well$/],
  ] as const;

  for (const [context, message] of REFUSED) {
    test(`refuses ${JSON.stringify(context)} with a sentence that says what to do`, () => {
      assert.throws(() => readContext({ ...CDK_KEYS, ...context }), asSettingError(message));
    });
  }
});

describe('the construct', () => {
  const domain = { domainName: 'Auth.Example.COM', certificateArn };
  const REFUSED = [
    [{ issuer: 'auth.example.com' }, /^issuer: an issuer is an https URL/],
    [{ issuer: 'https://auth.example.com/' }, /^issuer: an issuer is an https URL/],
    [{ domain }, /^issuer: an issuer is an https URL/],
    [
      { accessTokenLifetime: Duration.seconds(59) },
      /^accessTokenLifetime: a token lives at least 60 seconds$/,
    ],
    [{ accessTokenLifetime: Duration.days(2) }, /^accessTokenLifetime: a token lives at most 86400 seconds$/],
    [
      { signingAlgs: ['ML-DSA-44'], signers: ['envelope'] },
      /^signers: ML-DSA-44 signs in KMS only: write kms,envelope, or/,
    ],
    [
      { keyRotation: Duration.days(1) },
      /^keyRotation: a key signs for two days at least before another follows it$/,
    ],
    [{ keyGeneration: 0 }, /^keyGeneration: the first generation is 1$/],
    [{ keyGeneration: 1.5 }, /^keyGeneration: write a whole number$/],
    [
      { keyGeneration: 2, signers: ['envelope'] },
      /^keyGeneration: no key signs in KMS here: signet keys rotate/,
    ],
    [{ privateHosts: ['HOST'] }, /^privateHosts: a host is a name or an address as URLs have it/],
    [{ cache: Duration.minutes(6) }, /^cache: a record is kept for 300 seconds at most$/],
  ] as const;

  for (const [props, message] of REFUSED) {
    test(`refuses what its functions would refuse to start with: ${message.source}`, () => {
      assert.throws(() => new SignetStack(new App(), 'Signet', props), asSettingError(message));
    });
  }
});

function asSettingError(message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SettingError);
    assert.match(error.message, message);
    return true;
  };
}
