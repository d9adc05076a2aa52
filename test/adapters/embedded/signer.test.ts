import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Database, openDatabase } from '../../../adapters/embedded/database.ts';
import { embeddedSigner } from '../../../adapters/embedded/signer.ts';
import { embeddedSigningKeys } from '../../../adapters/embedded/signing-key-store.ts';
import { isSignedBy } from '../../../core/jose/jwt.ts';
import type { SigningKey } from '../../../core/jose/signing-key.ts';
import { publishSigningKey } from '../../../core/management/signing-keys.ts';
import type { Signer } from '../../../core/ports/signer.ts';
import { makeSigningKey } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MANY = 40;

describe('the embedded signer', () => {
  const pathOf = temporaryFolder();
  let database: Database;
  let signer: Signer;
  let key: SigningKey;

  beforeEach(async () => {
    database = openDatabase(pathOf());
    const { signingKeys, keyMaker } = embeddedSigningKeys(database);
    const material = await keyMaker.make('ES256');
    await publishSigningKey(material, { signingKeys, clock: () => 0 });
    key = makeSigningKey(material);
    signer = embeddedSigner(database);
  });
  afterEach(() => database.close());

  /** Asks for signatures together, and counts those that are made before the event loop turns. */
  const signTogether = async (count: number): Promise<number> => {
    let made = 0;
    const signatures = Array.from({ length: count }, async (_, n) => {
      const signingInput = `input ${n}`;
      const signature = await signer.sign(key, Buffer.from(signingInput));
      made += 1;
      return isSignedBy({ signingInput, signature }, key);
    });
    for (let microtask = 0; microtask < MANY; microtask += 1) await undefined;
    const madeAtOnce = made;
    assert.deepEqual(new Set(await Promise.all(signatures)), new Set([true]));
    await turn();
    return madeAtOnce;
  };

  it('lets all requests be read that have come before it makes a signature', async () => {
    assert.equal(await signTogether(1), 0);
    assert.equal(await signTogether(2), 0);
  });

  it('makes most at once when all before were alone, and looks now and then whether they still are', async () => {
    const madeAtOnce: number[] = [];
    for (let n = 0; n < MANY; n += 1) madeAtOnce.push(await signTogether(1));
    const looks = madeAtOnce.flatMap((made, n) => (made === 0 ? [n] : []));
    assert.deepEqual(looks, [...Array(17).keys(), 32]);
  });

  it('hands them to threads again soon after they come together, and looks each time until they have long been alone', async () => {
    for (let n = 0; n < MANY; n += 1) await signTogether(1);
    const madeAtOnce = await signTogether(MANY);
    assert.ok(madeAtOnce < 16, `${madeAtOnce} of ${MANY}`);
    assert.equal(await signTogether(MANY), 0);
    for (let n = 0; n < 16; n += 1) assert.equal(await signTogether(1), 0);
  });
});
