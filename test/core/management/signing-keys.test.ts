import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { publishSigningKey, retireSigningKey } from '../../../core/management/signing-keys.ts';
import { type KeyId, publishedKeys, type SigningKey } from '../../../core/signing-key.ts';
import { type KeyMaterial, memorySigningKeyStore } from '../../support/memory-ports.ts';
import { makeSigningKey } from '../../support/records.ts';

const NOW = 1_800_000_000;

/** A minute that a function keeps the key set, five that caches keep the JWKS, and one of clock skew. */
const UNTIL_EVERY_CACHE_HAS_IT = 60 + 300 + 60;

/** A minute in which a function goes on signing, a day that the longest token lives, and a minute of clock skew. */
const UNTIL_LAST_TOKEN_EXPIRED = 60 + 86_400 + 60;

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
    await retireSigningKey(kidOf('a'), issuer);
    assert.equal((await publishSigningKey(material('b'), issuer)).signs_from, NOW);
  });

  it('drops keys that have left the JWKS', async () => {
    await publishSigningKey(material('a'), issuer);
    await retireSigningKey(kidOf('a'), issuer);
    issuer.time.now += UNTIL_LAST_TOKEN_EXPIRED;
    const second = await publishSigningKey(material('b'), issuer);
    assert.deepEqual(await issuer.signingKeys.load(), { version: 3, keys: [second] });
  });

  it('publishes a key anew that has left the JWKS', async () => {
    await publishSigningKey(material('a'), issuer);
    await retireSigningKey(kidOf('a'), issuer);
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

describe('retireSigningKey', () => {
  it('takes the only key of an algorithm out of use, and keeps it published until its last token expired', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    issuer.time.now += 10;
    await retireSigningKey(key.kid, issuer);
    const retired_at = NOW + 10;
    const retired = { ...key, retired_at, published_until: retired_at + UNTIL_LAST_TOKEN_EXPIRED };
    const keySet = await issuer.signingKeys.load();
    assert.deepEqual(keySet, { version: 2, keys: [retired] });
    assert.deepEqual(publishedKeys(keySet, retired.published_until - 1), [retired]);
    assert.deepEqual(publishedKeys(keySet, retired.published_until), []);
  });

  it('changes nothing for a key that is retired or unknown', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    await retireSigningKey(key.kid, issuer);
    const keySet = await issuer.signingKeys.load();
    issuer.time.now += 10;
    await retireSigningKey(key.kid, issuer);
    await retireSigningKey(kidOf('unknown'), issuer);
    assert.deepEqual(await issuer.signingKeys.load(), keySet);
  });

  it('refuses while the key that follows does not sign yet: the algorithm would have none', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    const next = await publishSigningKey(material('b'), issuer);
    const keySet = await issuer.signingKeys.load();
    issuer.time.now = next.signs_from - 1;
    await assert.rejects(retireSigningKey(key.kid, issuer), {
      code: 'conflict',
      description: `no other key signs with RS256 yet: retire ${key.kid} in a few minutes`,
    });
    assert.deepEqual(await issuer.signingKeys.load(), keySet);
    issuer.time.now = next.signs_from;
    await retireSigningKey(key.kid, issuer);
    assert.equal((await issuer.signingKeys.load()).keys[0]?.retired_at, next.signs_from);
  });

  it('takes back a key that does not sign yet', async () => {
    await publishSigningKey(material('a'), issuer);
    const next = await publishSigningKey(material('b'), issuer);
    await retireSigningKey(next.kid, issuer);
    assert.equal((await issuer.signingKeys.load()).keys[1]?.retired_at, NOW);
  });

  it('gives up when others keep changing the key set', async () => {
    const key = await publishSigningKey(material('a'), issuer);
    const signingKeys = { ...issuer.signingKeys, replace: async () => false };
    await assert.rejects(retireSigningKey(key.kid, { ...issuer, signingKeys }), { code: 'conflict' });
  });
});
