import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KeyLock } from '../../core/ports/key-lock.ts';
import { makeSigningKey } from '../support/records.ts';
import type { SignerAndKeys } from './signer.ts';

/** Holds the KeyLock of an adapter to what the port promises, with keys that it reaches. */
export function keyLockContract(
  adapter: string,
  open: () => Promise<SignerAndKeys & { readonly keyLock: KeyLock }>,
): void {
  describe(`KeyLock on ${adapter}`, () => {
    it('has a private half sign no more, however often it is locked, and others sign on', async () => {
      const { keyLock, signer, createSigningKey } = await open();
      const [locked, other] = [await createSigningKey('ES256'), await createSigningKey('ES256')].map(
        (material) => makeSigningKey(material),
      );
      assert.ok(locked && other);
      const sign = (key: typeof locked) => signer.sign(key, Buffer.from('input'));
      await sign(locked);
      assert.equal(keyLock.reaches(locked), true);
      await Promise.all([keyLock.lock(locked), keyLock.lock(locked)]);
      await keyLock.lock(locked);
      await assert.rejects(sign(locked));
      assert.equal((await sign(other)).length, 64);
    });
  });
}
