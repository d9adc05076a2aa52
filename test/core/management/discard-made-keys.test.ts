import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { SigningKey } from '../../../core/jose/signing-key.ts';
import { discardMadeKeys } from '../../../core/management/discard-made-keys.ts';
import { rotateSigningKeys } from '../../../core/management/key-rotation.ts';
import { removeSigningKey } from '../../../core/management/remove-signing-key.ts';
import { publishSigningKey } from '../../../core/management/signing-keys.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const PERIOD = 90 * DAY;

let time: { now: number };
let ports: MemoryPorts & { readonly clock: () => number };
let first: SigningKey;
beforeEach(async () => {
  time = { now: NOW };
  const clock = () => time.now;
  ports = { ...memoryPorts(clock), clock };
  first = await publishSigningKey(await ports.keyMaker.make('ES256'), ports);
});

const discard = async () => (await discardMadeKeys(ports)).map((key) => key.private_key_reference);

describe('a private half that was made', () => {
  it('stays for as long as the key set has its key: pending, signing, retired, gone, and is discarded when that is forgotten', async () => {
    time.now += PERIOD;
    const [second] = await rotateSigningKeys(PERIOD, ports);
    assert.ok(second);
    const forgottenAt = second.signs_from + 900 + DAY + 60 + DAY;
    for (const now of [NOW + PERIOD, second.signs_from, forgottenAt - 1]) {
      time.now = now;
      await rotateSigningKeys(PERIOD, ports);
      assert.deepEqual(await discard(), []);
    }
    time.now = forgottenAt;
    await rotateSigningKeys(PERIOD, ports);
    assert.deepEqual(await discard(), [first.private_key_reference]);
    assert.deepEqual(await discard(), []);
  });

  it('is discarded a day later where who made it crashed before it was published, and no sooner: it may be on its way', async () => {
    const { private_key_reference } = await ports.keyMaker.make('ES256');
    time.now += DAY - 1;
    assert.deepEqual(await discard(), []);
    time.now += 1;
    assert.deepEqual(await discard(), [private_key_reference]);
  });

  it('is discarded when its key was removed, which leaked', async () => {
    time.now += DAY;
    await removeSigningKey(first.kid, ports);
    assert.deepEqual(await discard(), [first.private_key_reference]);
  });

  it('stays where there is no key set: an emptied table ends no issuer', async () => {
    const { signingKeys } = memoryPorts();
    time.now += DAY;
    assert.deepEqual(await discardMadeKeys({ ...ports, signingKeys }), []);
  });

  it('stays when its key is published while others are looked for', async () => {
    const material = await ports.keyMaker.make('ES256');
    time.now += DAY;
    const list: typeof ports.madeKeys.list = async () => {
      const made = await ports.madeKeys.list();
      await publishSigningKey(material, ports);
      return made;
    };
    assert.deepEqual(await discardMadeKeys({ ...ports, madeKeys: { ...ports.madeKeys, list } }), []);
  });

  it('is discarded the next time when it could not be this time', async () => {
    await Promise.all([1, 2].map(() => ports.keyMaker.make('ES256')));
    time.now += DAY;
    let left = 1;
    const broken: typeof ports.madeKeys.discard = (key) =>
      left-- > 0 ? ports.madeKeys.discard(key) : Promise.reject(new Error('KMS is down'));
    const madeKeys = { ...ports.madeKeys, discard: broken };
    await assert.rejects(discardMadeKeys({ ...ports, madeKeys }), { message: 'KMS is down' });
    assert.equal((await discard()).length, 1);
  });
});
