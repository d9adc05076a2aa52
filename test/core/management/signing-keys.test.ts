import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type KeyId, publishedKeys, type SigningKey } from '../../../core/jose/signing-key.ts';
import {
  describeSigningKeys,
  provideSigningKey,
  publishSigningKey,
  retireSigningKey,
  retireSigningKeys,
} from '../../../core/management/signing-keys.ts';
import type { KeyMaker, KeyMaterial } from '../../../core/ports/key-maker.ts';
import { memorySigningKeyStore } from '../../support/memory-ports.ts';
import { makeSigningKey } from '../../support/records.ts';

const NOW = 1_800_000_000;

/** Fifteen minutes that a function keeps the key set while DynamoDB is down, five that caches keep the JWKS, and one of clock skew. */
const UNTIL_EVERY_CACHE_HAS_IT = 900 + 300 + 60;

/** Fifteen minutes in which a function goes on signing, a day that the longest token lives, and a minute of clock skew. */
const UNTIL_LAST_TOKEN_EXPIRED = 900 + 86_400 + 60;

/** A day more in the key set, lest a wrong clock drops it too early. */
const UNTIL_FORGOTTEN = UNTIL_LAST_TOKEN_EXPIRED + 86_400;

/** The published half of a key that no test signs with. */
function material(name: string, alg: SigningKey['alg'] = 'RS256'): KeyMaterial {
  return {
    alg,
    public_jwk: { kty: 'RSA', n: name, e: 'AQAB' },
    private_key_reference: `reference of ${name}`,
  };
}

const kidOf = (name: string): KeyId => makeSigningKey(material(name)).kid;

function createIssuer() {
  const time = { now: NOW };
  return { time, clock: () => time.now, signingKeys: memorySigningKeyStore() };
}

let issuer: ReturnType<typeof createIssuer>;
beforeEach(() => {
  issuer = createIssuer();
});

const retire = (name: string) => retireSigningKeys('RS256', (key) => key.kid === kidOf(name), issuer);

describe('publishSigningKey', () => {
  it('lets the first key of an algorithm sign at once', async () => {
    const first = makeSigningKey(material('a'), { published_at: NOW, signs_from: NOW });
    assert.deepEqual(await publishSigningKey(material('a'), issuer), first);
    assert.deepEqual(await issuer.signingKeys.load(), { version: 1, keys: [first] });
    const other = await publishSigningKey(material('b', 'PS256'), issuer);
    assert.equal(other.signs_from, NOW);
  });

  it('lets a second key sign only when every cache has it', async () => {
    await publishSigningKey(material('a'), issuer);
    issuer.time.now += 10;
    assert.deepEqual(
      await publishSigningKey(material('b'), issuer),
      makeSigningKey(material('b'), {
        published_at: NOW + 10,
        signs_from: NOW + 10 + UNTIL_EVERY_CACHE_HAS_IT,
      }),
    );
  });

  it('changes nothing for a key that is in the key set', async () => {
    const first = await publishSigningKey(material('a'), issuer);
    issuer.time.now += 10;
    assert.deepEqual(await publishSigningKey(material('a'), issuer), first);
    assert.deepEqual(await issuer.signingKeys.load(), { version: 1, keys: [first] });
  });

  it('lets a key sign at once when the one before it is retired', async () => {
    await publishSigningKey(material('a'), issuer);
    await retire('a');
    assert.equal((await publishSigningKey(material('b'), issuer)).signs_from, NOW);
  });

  it('drops keys that left the JWKS a day ago, and no sooner', async () => {
    await publishSigningKey(material('a'), issuer);
    await retire('a');
    issuer.time.now += UNTIL_FORGOTTEN - 1;
    await publishSigningKey(material('c', 'PS256'), issuer);
    assert.equal((await issuer.signingKeys.load()).keys.length, 2);
    issuer.time.now += 1;
    const [, other] = (await issuer.signingKeys.load()).keys;
    const second = await publishSigningKey(material('b'), issuer);
    assert.deepEqual(await issuer.signingKeys.load(), { version: 4, keys: [other, second] });
  });

  it('publishes a key anew that has left the JWKS', async () => {
    await publishSigningKey(material('a'), issuer);
    await retire('a');
    issuer.time.now += UNTIL_LAST_TOKEN_EXPIRED;
    const again = makeSigningKey(material('a'), {
      published_at: issuer.time.now,
      signs_from: issuer.time.now,
    });
    assert.deepEqual(await publishSigningKey(material('a'), issuer), again);
    assert.deepEqual(await issuer.signingKeys.load(), { version: 3, keys: [again] });
  });

  it('publishes each of several keys at once, and lets one sign', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const keys = await Promise.all(names.map((name) => publishSigningKey(material(name), issuer)));
    const { version, keys: stored } = await issuer.signingKeys.load();
    assert.equal(version, 5);
    assert.deepEqual(new Set(stored), new Set(keys));
    assert.equal(keys.filter((key) => key.signs_from === NOW).length, 1);
  });

  it('gives up when others keep changing the key set', async () => {
    const signingKeys = { ...issuer.signingKeys, replace: async () => false };
    await assert.rejects(publishSigningKey(material('a'), { ...issuer, signingKeys }), {
      code: 'conflict',
      description: 'the key set is being changed by others at the same time: try again',
    });
  });
});

describe('publishSigningKey, with a clock that was ahead', () => {
  it('has the key that signs all the same have begun, so that the next one takes its turn', async () => {
    const ahead = { ...issuer, clock: () => NOW + 50_400 };
    const first = await publishSigningKey(material('a'), ahead);
    assert.equal(first.signs_from, NOW + 50_400);
    const second = await publishSigningKey(material('b'), issuer);
    const { keys } = await issuer.signingKeys.load();
    assert.deepEqual(keys, [{ ...first, signs_from: NOW }, second]);
    assert.equal(second.signs_from, NOW + UNTIL_EVERY_CACHE_HAS_IT);
  });
});

describe('describeSigningKeys', () => {
  it('shows states and times, and nothing that keys are made of', async () => {
    await publishSigningKey(material('a'), issuer);
    await publishSigningKey(material('b'), issuer);
    const times = { published_at: NOW, signs_from: NOW };
    assert.deepEqual(describeSigningKeys(await issuer.signingKeys.load(), NOW), [
      { kid: kidOf('a'), alg: 'RS256', state: 'active', ...times },
      {
        kid: kidOf('b'),
        alg: 'RS256',
        state: 'pending',
        ...times,
        signs_from: NOW + UNTIL_EVERY_CACHE_HAS_IT,
      },
    ]);
  });
});

describe('provideSigningKey', () => {
  it('makes the first key of its kind, beside one of another, and no second one', async () => {
    await publishSigningKey(material('in KMS'), issuer);
    const made: string[] = [];
    const keyMaker: KeyMaker = {
      async make(alg) {
        made.push(alg);
        return material('made', alg);
      },
      makesSuch: (key) => key.kid === kidOf('made'),
    };
    for (const _ of [1, 2]) await provideSigningKey('RS256', { ...issuer, keyMaker });
    assert.deepEqual(made, ['RS256']);
    const { keys } = await issuer.signingKeys.load();
    assert.deepEqual(
      keys.map((key) => [key.kid, key.signs_from]),
      [
        [kidOf('in KMS'), NOW],
        [kidOf('made'), NOW + UNTIL_EVERY_CACHE_HAS_IT],
      ],
    );
  });
});

describe('retireSigningKeys', () => {
  it('takes the only key of an algorithm out of use, and keeps it published until its last token expired', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    issuer.time.now += 10;
    await retire('a');
    const retired_at = NOW + 10;
    const retired = { ...key, retired_at, published_until: retired_at + UNTIL_LAST_TOKEN_EXPIRED };
    const keySet = await issuer.signingKeys.load();
    assert.deepEqual(keySet, { version: 2, keys: [retired] });
    assert.deepEqual(publishedKeys(keySet, retired.published_until - 1), [retired]);
    assert.deepEqual(publishedKeys(keySet, retired.published_until), []);
  });

  it('takes all keys of an algorithm out of use, and none of another', async () => {
    for (const name of ['a', 'b']) await publishSigningKey(material(name), issuer);
    await publishSigningKey(material('c', 'PS256'), issuer);
    await retireSigningKeys('RS256', () => true, issuer);
    const { keys } = await issuer.signingKeys.load();
    assert.deepEqual(
      keys.map((key) => key.retired_at),
      [NOW, NOW, undefined],
    );
  });

  it('takes along a key that a wrong clock had retire later: nothing of the algorithm signs on, and none before every cache has it', async () => {
    await publishSigningKey(material('a'), issuer);
    await publishSigningKey(material('b'), issuer);
    await retireSigningKey(kidOf('b'), { ...issuer, clock: () => NOW + 50_400 });
    await retireSigningKeys('RS256', () => true, issuer);
    const { keys } = await issuer.signingKeys.load();
    assert.deepEqual(
      keys.map(({ retired_at }) => retired_at),
      [NOW, NOW],
    );
  });

  it('changes nothing for a key that is retired or unknown', async () => {
    await publishSigningKey(material('a'), issuer);
    await retire('a');
    const keySet = await issuer.signingKeys.load();
    issuer.time.now += 10;
    await retire('a');
    await retire('unknown');
    assert.deepEqual(await issuer.signingKeys.load(), keySet);
  });

  it('gives up when others keep changing the key set', async () => {
    await publishSigningKey(material('a'), issuer);
    const signingKeys = { ...issuer.signingKeys, replace: async () => false };
    await assert.rejects(
      retireSigningKeys('RS256', () => true, { ...issuer, signingKeys }),
      {
        code: 'conflict',
      },
    );
  });
});

describe('retireSigningKey', () => {
  it('refuses to take the only key of an algorithm, and a key that is not there', async () => {
    await publishSigningKey(material('a'), issuer);
    await publishSigningKey(material('b', 'PS256'), issuer);
    await assert.rejects(retireSigningKey(kidOf('a'), issuer), {
      code: 'conflict',
      description: `${kidOf('a')} is the only key that signs with RS256: signet keys rotate has another follow it`,
    });
    await assert.rejects(retireSigningKey(kidOf('c'), issuer), {
      code: 'not_found',
      description: `there is no key ${kidOf('c')}: signet keys list shows those there are`,
    });
    assert.equal((await issuer.signingKeys.load()).version, 2);
  });

  it('lets a key sign until the one that follows does: the algorithm would have none', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    const next = await publishSigningKey(material('b'), issuer);
    await retireSigningKey(key.kid, issuer);
    const { keys } = await issuer.signingKeys.load();
    const published_until = next.signs_from + UNTIL_LAST_TOKEN_EXPIRED;
    assert.deepEqual(keys, [{ ...key, retired_at: next.signs_from, published_until }, next]);
  });

  it('retires a key now that another has followed', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    await publishSigningKey(material('b'), issuer);
    issuer.time.now += UNTIL_EVERY_CACHE_HAS_IT;
    await retireSigningKey(key.kid, issuer);
    assert.equal((await issuer.signingKeys.load()).keys[0]?.retired_at, issuer.time.now);
  });

  it('takes back a key that does not sign yet, and the one before it goes on', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    const next = await publishSigningKey(material('b'), issuer);
    await retireSigningKey(key.kid, issuer);
    await retireSigningKey(next.kid, issuer);
    const { keys } = await issuer.signingKeys.load();
    assert.deepEqual(keys[0], key);
    assert.equal(keys[1]?.retired_at, NOW);
  });
});
