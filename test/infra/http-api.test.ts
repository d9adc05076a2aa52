import assert from 'node:assert/strict';
import { test } from 'node:test';
import { synthesize } from '../support/synthesized-stack.ts';

const stack = synthesize();
const API = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<httpApi>';

test('the API may call each function for its own routes only', () => {
  const grant = (name: string, path: string) => ({
    Action: 'lambda:InvokeFunction',
    FunctionName: `<${name}.Arn>`,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `${API}/*/*${path}`,
  });
  assert.deepEqual(
    stack.ofType('AWS::Lambda::Permission').map(({ Properties }) => Properties),
    [
      grant('Token', '/token'),
      grant('Introspection', '/introspect'),
      grant('Revocation', '/revoke'),
      grant('Jwks', '/.well-known/jwks.json'),
      grant('Metadata', '/.well-known/oauth-authorization-server'),
      grant('Metadata', '/.well-known/openid-configuration'),
      grant('ResourceMetadata', '/resource-metadata'),
      grant('NotFound', ''),
    ],
  );
});

test('functions get events of payload version 2.0', () => {
  for (const { Properties } of stack.ofType('AWS::ApiGatewayV2::Integration')) {
    assert.equal(Properties['PayloadFormatVersion'], '2.0');
    assert.equal(Properties['IntegrationType'], 'AWS_PROXY');
  }
});
