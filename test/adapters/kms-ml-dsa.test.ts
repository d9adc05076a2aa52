import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import { readSigningKey } from '../../adapters/kms/public-key.ts';
import { kmsSigner } from '../../adapters/kms/signer.ts';
import { answerJson } from '../support/aws-stub.ts';
import { makeSigningKey } from '../support/records.ts';

// The emulator's KMS has no ML-DSA. This is what is said to AWS's, which answers what node:crypto signs with the same key:
// KMS documents signatures of an external µ to be those of the message.

const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const SEED = Buffer.from(Array.from({ length: 32 }, (_, n) => n));
const SIGNING_INPUT = Buffer.from(`eyJ0eXAiOiJhdCtqd3QifQ.${'a'.repeat(5_000)}`);

/** The last byte of the parameter set's OID, and the µ that another implementation makes of that key and input. */
const RECORDED = [
  [
    'ML-DSA-44',
    0x11,
    '4OFDZJw99nbPfkGR8CFpMdD7C-qvHhDK9o_LolMFLguotjM3YK8I2emTkbz7TbRznk9k-jJNU9NilF4sxgUL4g',
  ],
  [
    'ML-DSA-65',
    0x12,
    'yScaKzpB5GVIqsCEg1bfLzPJ6bLI1rWks98ACmELC0ZF1TZ6QdgxWgq03CdpA4K-45gK2fpqZe7kmJRiNj5Ajg',
  ],
  [
    'ML-DSA-87',
    0x13,
    'RssTo9H-PQyrdpl1haYFoHWRa5MCUoI0fVe4u3yRNTIJjtELdrHdJLtusWL86G4Fcek65FmvZfPOT5hnPYgRiw',
  ],
] as const;

for (const [alg, oidEnd, mu] of RECORDED) {
  describe(`KMS with ${alg}`, () => {
    const privateKey = createPrivateKey({ key: pkcs8(oidEnd), format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey(privateKey);
    const requests: unknown[] = [];
    const answers: Readonly<Record<string, () => object>> = {
      'TrentService.GetPublicKey': () => ({
        PublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      }),
      'TrentService.Sign': () => ({ Signature: sign(null, SIGNING_INPUT, privateKey).toString('base64') }),
    };
    const server = createServer(async (request, response) => {
      const operation = String(request.headers['x-amz-target']);
      requests.push([operation, await json(request)]);
      answerJson(response, 200, answers[operation]?.() ?? {});
    });
    let kms: KMSClient;

    before(async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      kms = new KMSClient({
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
    });
    after(() => {
      kms?.destroy();
      server.close();
    });

    it('reads the public key as JWK, and signs a token of any length by its external µ (RFC 9964)', async () => {
      const material = await readSigningKey(kms, KEY_ARN, alg);
      assert.deepEqual(material, {
        alg,
        public_jwk: publicKey.export({ format: 'jwk' }),
        private_key_reference: KEY_ARN,
      });
      const key = makeSigningKey(material);
      const signature = await kmsSigner(kms).sign(key, SIGNING_INPUT);
      assert.ok(verify(null, SIGNING_INPUT, publicKey, signature));
      assert.deepEqual(requests, [
        ['TrentService.GetPublicKey', { KeyId: KEY_ARN }],
        [
          'TrentService.Sign',
          {
            KeyId: KEY_ARN,
            Message: Buffer.from(mu, 'base64url').toString('base64'),
            MessageType: 'EXTERNAL_MU',
            SigningAlgorithm: 'ML_DSA_SHAKE_256',
          },
        ],
      ]);
    });

    it('signs with no key of another type', async () => {
      const public_jwk = { kty: 'OKP', crv: 'Ed25519', x: 'x' } as const;
      const key = makeSigningKey({ alg, public_jwk, private_key_reference: KEY_ARN });
      await assert.rejects(kmsSigner(kms).sign(key, SIGNING_INPUT), {
        message: 'no key of type OKP signs with ML-DSA',
      });
    });
  });
}

/** The private key of the seed (RFC 9881 §6). */
function pkcs8(oidEnd: number): Buffer {
  const prefix = Buffer.from('3034020100300b060960864801650304030004228020', 'hex');
  prefix[17] = oidEnd;
  return Buffer.concat([prefix, SEED]);
}
