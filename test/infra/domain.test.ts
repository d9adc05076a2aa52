import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { synthesize } from '../support/synthesized-stack.ts';

const domainName = 'auth.example.com';
const certificateArn = 'arn:aws:acm:eu-central-1:000000000000:certificate/0';

for (const [api, type, stage] of [
  ['http', 'AWS::ApiGatewayV2::Api', '$default'],
  ['rest', 'AWS::ApiGateway::RestApi', '<restApiDeploymentStageprod>'],
] as const) {
  describe(`a domain of the ${api} API`, () => {
    const stack = synthesize({ api, domain: { domainName, certificateArn, hostedZoneId: 'Z0' } });

    test('leads to its stage, by TLS 1.2', () => {
      assert.deepEqual(stack.named('DomainName').Properties, {
        DomainName: domainName,
        DomainNameConfigurations: [
          { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
        ],
      });
      assert.deepEqual(stack.named('DomainMapping').Properties, {
        ApiId: `<${api}Api>`,
        DomainName: '<DomainName>',
        Stage: stage,
      });
    });

    test('closes the URL of the API itself', () => {
      assert.equal(stack.only(type).Properties['DisableExecuteApiEndpoint'], true);
    });

    test('is the issuer', () => {
      assert.equal(stack.outputs['SignetIssuer']?.Value, `https://${domainName}`);
      assert.equal(stack.outputs['SignetDomainTarget']?.Value, '<DomainName.RegionalDomainName>');
    });

    test('has its record in the hosted zone', () => {
      const { Name, HostedZoneId, AliasTarget } = stack.named('DomainRecord').Properties;
      assert.deepEqual(
        { Name, HostedZoneId, AliasTarget },
        {
          Name: `${domainName}.`,
          HostedZoneId: 'Z0',
          AliasTarget: {
            DNSName: '<DomainName.RegionalDomainName>',
            HostedZoneId: '<DomainName.RegionalHostedZoneId>',
          },
        },
      );
    });
  });
}

for (const [api, closed] of [
  ['http', 'AWS::ApiGatewayV2::Api'],
  ['rest', 'AWS::ApiGateway::RestApi'],
] as const) {
  test(`a domain for mutual TLS leads to the ${api} API by certificates of its trust store alone (RFC 8705)`, () => {
    const truststore = { bucket: 'certificates', key: 'clients.pem', version: 'v1' };
    const mutualTls = { domainName: 'mtls.example.com', truststore };
    const stack = synthesize({ api, domain: { domainName, certificateArn, hostedZoneId: 'Z0', mutualTls } });
    assert.deepEqual(stack.named('MutualTlsName').Properties, {
      DomainName: 'mtls.example.com',
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
      MutualTlsAuthentication: { TruststoreUri: 's3://certificates/clients.pem', TruststoreVersion: 'v1' },
    });
    assert.equal(stack.named('MutualTlsMapping').Properties['ApiId'], `<${api}Api>`);
    assert.equal(stack.named('MutualTlsRecord').Properties['Name'], 'mtls.example.com.');
    assert.equal(stack.named('DomainName').Properties['MutualTlsAuthentication'], undefined);
    // Else whoever knows the URL of the API comes in without a certificate.
    assert.equal(stack.only(closed).Properties['DisableExecuteApiEndpoint'], true);
    assert.equal(stack.outputs['SignetMutualTlsDomainTarget']?.Value, '<MutualTlsName.RegionalDomainName>');
    for (const name of ['Token', 'Metadata']) {
      assert.equal(stack.environment(name)['SIGNET_MUTUAL_TLS_URL'], 'https://mtls.example.com', name);
    }
  });
}

test('a trust store may have no version, and a domain for mutual TLS no hosted zone', () => {
  const mutualTls = { domainName: 'mtls.example.com', truststore: { bucket: 'certificates', key: 'a' } };
  const stack = synthesize({ domain: { domainName, certificateArn, mutualTls } });
  assert.deepEqual(stack.named('MutualTlsName').Properties['MutualTlsAuthentication'], {
    TruststoreUri: 's3://certificates/a',
  });
  assert.deepEqual(stack.ofType('AWS::Route53::RecordSet'), []);
});

test('an issuer without a domain for mutual TLS says nothing of it', () => {
  const stack = synthesize({ domain: { domainName, certificateArn } });
  assert.equal(stack.environment('Metadata')['SIGNET_MUTUAL_TLS_URL'], '');
  assert.equal(stack.outputs['SignetMutualTlsDomainTarget'], undefined);
});

test('a domain for mutual TLS has to be one', () => {
  const mutualTls = { domainName: 'mtls.example.com/', truststore: { bucket: 'certificates', key: 'a' } };
  assert.throws(
    () => synthesize({ domain: { domainName, certificateArn, mutualTls } }),
    /^SettingError: domain\.mutualTls\.domainName: /,
  );
});

test('a domain without a hosted zone has no record', () => {
  const { ofType } = synthesize({ domain: { domainName, certificateArn } });
  assert.deepEqual(ofType('AWS::Route53::RecordSet'), []);
});
