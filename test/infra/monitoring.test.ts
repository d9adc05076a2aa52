import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDPOINTS } from '../../infra/endpoints.ts';
import { synthesize } from '../support/synthesized-stack.ts';

test('every endpoint has metrics in its request log, in a namespace of the issuer', () => {
  const stack = synthesize({ registration: true });
  const namespaces = stack
    .ofType('AWS::Lambda::Function')
    .flatMap(({ name }) => stack.environment(name)['SIGNET_METRICS'] ?? []);
  assert.deepEqual(namespaces, Array(ENDPOINTS.length - 1).fill('Signet/Signet/Issuer'));
});

test('no function has metrics in its log where none are wanted', () => {
  const stack = synthesize({ monitoring: false });
  assert.equal(stack.environment('Token')['SIGNET_METRICS'], 'none');
});
