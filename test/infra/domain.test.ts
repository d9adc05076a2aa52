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

test('a domain without a hosted zone has no record', () => {
  const { ofType } = synthesize({ domain: { domainName, certificateArn } });
  assert.deepEqual(ofType('AWS::Route53::RecordSet'), []);
});
