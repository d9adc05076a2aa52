import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as v from 'valibot';
import type { SigningKey } from '../../../core/jose/signing-key.ts';
import { KeyRotationPeriodSchema } from '../../../core/key-rotation-period.ts';
import {
  nextRotationStep,
  rotatableAlgs,
  rotateSigningKey,
  rotateSigningKeys,
} from '../../../core/management/key-rotation.ts';
import { publishSigningKey, retireSigningKeys } from '../../../core/management/signing-keys.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { makeSigningKey } from '../../support/records.ts';

const NOW = 1_800_000_000;
const PERIOD = 7_776_000;

/** Fifteen minutes that a function keeps the key set while DynamoDB is down, five that caches keep the JWKS, and one of clock skew. */
const UNTIL_EVERY_CACHE_HAS_IT = 900 + 300 + 60;

/** Fifteen minutes in which a function goes on signing, a day that the longest token lives, and a minute of clock skew. */
const UNTIL_LAST_TOKEN_EXPIRED = 900 + 86_400 + 60;
const UNTIL_FORGOTTEN = UNTIL_LAST_TOKEN_EXPIRED + 86_400;

const key = (name: string, times: Partial<SigningKey>) =>
  makeSigningKey(
    { alg: 'RS256', public_jwk: { kty: 'RSA', n: name, e: 'AQAB' }, private_key_reference: name },
    times,
  );

describe('nextRotationStep', () => {
  const signing = key('signing', { signs_from: 0 });
  const next = key('next', { signs_from: 500 });
  const gone = key('gone', { retired_at: 10, published_until: 20 });
  const step = (keys: SigningKey[], now: number) => nextRotationStep({ version: 1, keys }, 'RS256', now, 300);

  it('is to wait until the key that signs is old enough, and then to make another', () => {
    assert.deepEqual(step([signing], 299), { step: 'wait', until: 300 });
    assert.deepEqual(step([signing], 300), { step: 'make' });
  });

  it('is to wait for a key that is published and does not sign yet, and then for that to be old enough', () => {
    assert.deepEqual(step([signing, next], 499), { step: 'wait', until: 500 });
    assert.deepEqual(step([signing, next], 500), { step: 'wait', until: 800 });
    assert.deepEqual(step([signing, next], 800), { step: 'make' });
  });

  it('is to make a key where none is in use', () => {
    assert.deepEqual(step([gone], 30), { step: 'make' });
  });

  it('is to forget keys a day after they left the JWKS, before all else', () => {
    assert.deepEqual(step([gone, signing], 86_419), { step: 'make' });
    assert.deepEqual(step([gone, signing], 86_420), { step: 'forget', keys: [gone] });
  });
});

describe('rotateSigningKey', () => {
  let time: { now: number };
  let made: number;
  let ports: Pick<MemoryPorts, 'signingKeys' | 'keyMaker'> & { clock: () => number };
  let first: SigningKey;
  beforeEach(async () => {
    time = { now: NOW };
    made = 0;
    const { signingKeys, keyMaker } = memoryPorts();
    const make: typeof keyMaker.make = (alg) => {
      made += 1;
      return keyMaker.make(alg);
    };
    ports = { signingKeys, keyMaker: { ...keyMaker, make }, clock: () => time.now };
    first = await publishSigningKey(await keyMaker.make('ES256'), ports);
  });
  const keys = async () => (await ports.signingKeys.load()).keys;

  it('has a key follow the one that signs when every cache has it, and that one retire then', async () => {
    time.now += PERIOD;
    const second = await rotateSigningKey('ES256', PERIOD, ports);
    assert.ok(second);
    const signs_from = time.now + UNTIL_EVERY_CACHE_HAS_IT;
    assert.deepEqual([second.published_at, second.signs_from], [time.now, signs_from]);
    const published_until = signs_from + UNTIL_LAST_TOKEN_EXPIRED;
    assert.deepEqual(await keys(), [{ ...first, retired_at: signs_from, published_until }, second]);
  });

  it('changes nothing while the key that signs is younger than the period', async () => {
    time.now += PERIOD - 1;
    assert.equal(await rotateSigningKey('ES256', PERIOD, ports), undefined);
    assert.deepEqual(await ports.signingKeys.load(), { version: 1, keys: [first] });
    assert.equal(made, 0);
  });

  it('changes nothing while another key is on its way, however often it is asked for', async () => {
    await rotateSigningKey('ES256', 0, ports);
    time.now += UNTIL_EVERY_CACHE_HAS_IT - 1;
    assert.equal(await rotateSigningKey('ES256', 0, ports), undefined);
    time.now += 1;
    assert.ok(await rotateSigningKey('ES256', 0, ports));
    assert.equal(made, 2);
  });

  it('forgets what left the JWKS a day ago', async () => {
    const second = await rotateSigningKey('ES256', 0, ports);
    time.now += UNTIL_EVERY_CACHE_HAS_IT + UNTIL_FORGOTTEN;
    assert.equal(await rotateSigningKey('ES256', PERIOD, ports), undefined);
    assert.deepEqual(await ports.signingKeys.load(), { version: 3, keys: [second] });
  });

  it('makes one key, of several rotations at once', async () => {
    const rotations = [1, 2, 3].map(() => rotateSigningKey('ES256', 0, ports));
    const [second, ...none] = (await Promise.all(rotations)).filter((each) => each !== undefined);
    assert.deepEqual(none, []);
    assert.deepEqual((await keys())[1], second);
  });

  it('goes on with the key that it made when another change comes between', async () => {
    let races = 2;
    const replace: typeof ports.signingKeys.replace = (keySet) =>
      races-- > 0 ? Promise.resolve(false) : ports.signingKeys.replace(keySet);
    const second = await rotateSigningKey('ES256', 0, {
      ...ports,
      signingKeys: { ...ports.signingKeys, replace },
    });
    assert.deepEqual((await keys())[1], second);
    assert.equal(made, 1);
  });

  it('leaves all as it was when no key can be made, and is done by the next try', async () => {
    const make = () => Promise.reject(new Error('KMS is down'));
    const broken = { ...ports, keyMaker: { ...ports.keyMaker, make } };
    await assert.rejects(rotateSigningKey('ES256', 0, broken), { message: 'KMS is down' });
    assert.deepEqual(await keys(), [first]);
    assert.ok(await rotateSigningKey('ES256', 0, ports));
  });

  it('makes no more than ten keys in two days', async () => {
    for (let count = 1; count < 10; count += 1) {
      assert.ok(await rotateSigningKey('ES256', 0, ports));
      time.now += UNTIL_EVERY_CACHE_HAS_IT;
    }
    await assert.rejects(rotateSigningKey('ES256', 0, ports), {
      code: 'conflict',
      description: 'ES256 has 10 keys already: each is gone two days after it retired',
    });
    time.now += UNTIL_FORGOTTEN;
    assert.ok(await rotateSigningKey('ES256', 0, ports));
  });

  it('is done for each algorithm whose key is of the key maker’s kind, and for no other', async () => {
    const inKms = await publishSigningKey(await ports.keyMaker.make('EdDSA'), ports);
    const ended = await publishSigningKey(await ports.keyMaker.make('ES384'), ports);
    await retireSigningKeys(ended.alg, () => true, ports);
    const keyMaker = { ...ports.keyMaker, makesSuch: (each: SigningKey) => each.kid !== inKms.kid };
    assert.deepEqual(rotatableAlgs(await ports.signingKeys.load(), { ...ports, keyMaker }), ['ES256']);
    const rotated = await rotateSigningKeys(0, { ...ports, keyMaker });
    assert.deepEqual(
      rotated.map(({ alg }) => alg),
      ['ES256'],
    );
    assert.deepEqual(await rotateSigningKeys(0, { ...ports, keyMaker }), []);
  });
});

describe('the period of rotation', () => {
  it('is two days at least: a key leaves the JWKS before the next one retires', () => {
    assert.equal(v.parse(KeyRotationPeriodSchema, 172_800), 172_800);
    assert.equal(v.is(KeyRotationPeriodSchema, 172_799), false);
    assert.ok(172_800 > UNTIL_EVERY_CACHE_HAS_IT + UNTIL_LAST_TOKEN_EXPIRED);
  });
});
