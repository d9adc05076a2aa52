import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import { kmsSigner } from '../../adapters/kms/signer.ts';
import { makeSigningKey } from '../support/records.ts';

const HOME = 'arn:aws:kms:us-east-1:000000000000:key/';
const PUBLIC_KEY = { alg: 'RS256', public_jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } as const;

for (const [what, id, KeyId] of [
  ['a multi-Region key by its id, which is that of its replica in this Region', 'mrk-0123', 'mrk-0123'],
  ['a key of one Region by its ARN', '1234abcd-12ab', `${HOME}1234abcd-12ab`],
] as const) {
  test(`KMS is told to sign with ${what}`, async () => {
    const kms = new KMSClient({ region: 'eu-west-1' });
    const named: unknown[] = [];
    kms.middlewareStack.add(() => async ({ input }) => {
      named.push('KeyId' in input && input.KeyId);
      return { output: { Signature: Buffer.alloc(256), $metadata: {} }, response: {} };
    });
    const key = makeSigningKey({ ...PUBLIC_KEY, private_key_reference: HOME + id });
    await kmsSigner(kms).sign(key, Buffer.from('input'));
    assert.deepEqual(named, [KeyId]);
  });
}
