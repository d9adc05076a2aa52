import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { lockPrivateHalf } from '../../cli/key-lock.ts';
import { removalText } from '../../cli/key-removal.ts';
import type { KeyLock } from '../../core/ports/key-lock.ts';
import { makeSigningKey } from '../support/records.ts';

const KEY = makeSigningKey({
  alg: 'RS256',
  public_jwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
  private_key_reference: 'arn:aws:kms:us-east-1:000000000000:key/1',
});

/** Locks the key, and tells what was written to standard error, and how often it was locked. */
async function locked(keyLock: KeyLock | undefined): Promise<string> {
  const write = mock.method(process.stderr, 'write', () => true);
  try {
    await lockPrivateHalf(KEY, keyLock ? { keyLock } : {});
    return write.mock.calls.map(({ arguments: [text] }) => String(text)).join('');
  } finally {
    write.mock.restore();
  }
}

describe('the private half of a key that is taken out at once', () => {
  it('is locked where it can be, and left where it cannot', async () => {
    for (const isReached of [true, false]) {
      const lock = mock.fn(async () => undefined);
      assert.equal(await locked({ reaches: () => isReached, lock }), '');
      assert.equal(lock.mock.callCount(), Number(isReached));
    }
    assert.equal(await locked(undefined), '');
  });

  it('is named to the operator who may not lock it, with what is left to do', async () => {
    const lock = () => Promise.reject(new Error('not authorized to perform: kms:DisableKey'));
    assert.equal(
      await locked({ reaches: () => true, lock }),
      'KMS did not disable the key (Error: not authorized to perform: kms:DisableKey): whoever may use it can still sign with it, as functions do that keep the key set. Have somebody who may do it: aws kms disable-key --key-id arn:aws:kms:us-east-1:000000000000:key/1\n',
    );
  });

  it('ends its use in functions that keep the key set, which is said before', () => {
    const effects = { tokens_until: 0, caches_until: 0, successor: undefined, is_successor_known: false };
    const text = removalText({ ...KEY, state: 'active', ...effects }, 'is gone for good', true);
    assert.match(
      text,
      /\n- KMS signs with it for nobody any more, where you may disable it: deployed functions that keep the key set answer 500 for a minute, and for 15 while DynamoDB does not answer them\.\n/,
    );
  });
});
