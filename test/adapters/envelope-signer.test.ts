import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { deployedSigner } from '../../adapters/kms/deployed-signer.ts';
import { envelopeSigner } from '../../adapters/kms/envelope-signer.ts';
import { PublicJwkSchema, type SigningKey } from '../../core/jose/signing-key.ts';
import { type AwsStub, answerJson, startAwsStub } from '../support/aws-stub.ts';
import { makeSigningKey } from '../support/records.ts';

const INPUT = Buffer.from('eyJhbGciOiJFUzI1NiJ9.e30');

describe('the envelope signer', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let stub: AwsStub;
  let kms: KMSClient;

  before(async () => {
    stub = await startAwsStub({});
    kms = new KMSClient({
      endpoint: stub.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  });
  afterEach(() => {
    stub.calls.length = 0;
    stub.mend();
  });
  after(async () => {
    kms?.destroy();
    await stub?.stop();
  });

  const isSigned = (signature: Uint8Array, publicKey: KeyObject = pair.publicKey) =>
    verify('sha256', INPUT, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);

  it('decrypts a key once, however many signatures are asked for together, and then calls KMS no more', async () => {
    const signer = envelopeSigner(kms);
    const key = keyOf(pair);
    const signatures = await Promise.all([1, 2, 3].map(() => signer.sign(key, INPUT)));
    signatures.push(await signer.sign(key, INPUT));
    for (const signature of signatures) assert.ok(isSigned(signature));
    assert.deepEqual(stub.calls, ['Decrypt']);
  });

  it('tries again with the next token what could not be decrypted', async () => {
    const signer = envelopeSigner(kms);
    stub.fail('Decrypt', (response) => answerJson(response, 400, { __type: 'ThrottlingException' }));
    await assert.rejects(signer.sign(keyOf(pair), INPUT), { code: 'temporarily_unavailable' });
    stub.mend();
    assert.ok(isSigned(await signer.sign(keyOf(pair), INPUT)));
  });

  it('logs nothing of a key whose answer cannot be read', async () => {
    stub.fail('Decrypt', (response) => response.end('{"Plaintext": MIGHAgEAMBMGByqGSM49}'));
    await assert.rejects(envelopeSigner(kms).sign(keyOf(pair), INPUT), {
      code: 'temporarily_unavailable',
      cause: new Error('AWS answered what cannot be read'),
    });
  });

  it('signs with no other key than the one that verifiers are told of', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = { ...keyOf(other), private_key_reference: keyOf(pair).private_key_reference };
    await assert.rejects(envelopeSigner(kms).sign(key, INPUT), {
      message: `the private key of ${key.kid} is that of another`,
    });
  });

  it('signs beside KMS, each with its own keys', async () => {
    const signer = deployedSigner(kms);
    assert.ok(isSigned(await signer.sign(keyOf(pair), INPUT)));
    assert.deepEqual(stub.calls, ['Decrypt']);
    const inKms = {
      ...keyOf(pair),
      alg: 'RS256',
      private_key_reference: 'arn:aws:kms:us-east-1:0:key/1',
    } as const;
    await signer.sign(inKms, INPUT);
    assert.deepEqual(stub.calls, ['Decrypt', 'Sign']);
  });
});

/** A key whose private half decrypts to itself. */
function keyOf({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): SigningKey {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  return makeSigningKey({
    alg: 'ES256',
    public_jwk: v.parse(PublicJwkSchema, publicKey.export({ format: 'jwk' })),
    private_key_reference: `envelope:${pkcs8.toString('base64url')}`,
  });
}
