import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  currentSigningKey,
  publishedKeys,
  type SigningKey,
  signingKeyState,
} from '../../../core/jose/signing-key.ts';
import { rotateSigningKey } from '../../../core/management/key-rotation.ts';
import type { RotationPorts } from '../../../core/management/key-set-change.ts';
import {
  disableSigningKey,
  enableSigningKey,
  foreseeRemoval,
  removeSigningKey,
} from '../../../core/management/remove-signing-key.ts';
import { publishSigningKey } from '../../../core/management/signing-keys.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { makeSigningKey } from '../../support/records.ts';

const NOW = 1_800_000_000;
const UNTIL_EVERY_CACHE_HAS_IT = 900 + 300 + 60;
const UNTIL_LAST_TOKEN_EXPIRED = 900 + 86_400 + 60;

let time: { now: number };
let ports: RotationPorts;
let first: SigningKey;
beforeEach(async () => {
  time = { now: NOW };
  ports = { ...memoryPorts(), clock: () => time.now };
  first = await publishSigningKey(await ports.keyMaker.make('ES256'), ports);
});

const load = () => ports.signingKeys.load();

/** The same ports, but that others change the key set twice before a change of ours comes through. */
function changedMeanwhile(): RotationPorts {
  let races = 2;
  const replace: typeof ports.signingKeys.replace = (keySet) =>
    races-- > 0 ? Promise.resolve(false) : ports.signingKeys.replace(keySet);
  return { ...ports, signingKeys: { ...ports.signingKeys, replace } };
}

describe('a signing key that is removed at once', () => {
  const current = async () => currentSigningKey(await load(), 'ES256', time.now);

  it('is followed by one that is made for that and signs at once, when it is the only one', async () => {
    time.now += 10;
    assert.deepEqual(await foreseeRemoval(first.kid, ports), {
      kid: first.kid,
      alg: 'ES256',
      state: 'active',
      tokens_until: time.now + UNTIL_LAST_TOKEN_EXPIRED,
      caches_until: time.now + 1_200,
      successor: 'new',
      is_successor_known: false,
    });
    assert.deepEqual(await load(), { version: 1, keys: [first] });
    await removeSigningKey(first.kid, ports);
    const { version, keys } = await load();
    const [made, ...others] = keys;
    assert.deepEqual([version, others, made?.published_at, made?.signs_from], [2, [], time.now, time.now]);
    assert.notEqual(made?.kid, first.kid);
  });

  it('is followed by the one that is on its way, which then signs at once', async () => {
    const next = await rotateSigningKey('ES256', 0, ports);
    const { successor, is_successor_known } = await foreseeRemoval(first.kid, ports);
    assert.deepEqual([successor, is_successor_known], [next, false]);
    await removeSigningKey(first.kid, ports);
    assert.deepEqual(await load(), { version: 3, keys: [next] });
    assert.deepEqual(await current(), next);
  });

  it('leaves the one before it in use, when it is itself on its way', async () => {
    const next = await rotateSigningKey('ES256', 0, ports);
    assert.ok(next);
    time.now += UNTIL_EVERY_CACHE_HAS_IT - 1;
    const effects = await foreseeRemoval(next.kid, ports);
    assert.deepEqual(
      [effects.state, effects.successor, effects.is_successor_known],
      ['pending', first, false],
    );
    time.now -= 100;
    await removeSigningKey(next.kid, ports);
    assert.deepEqual(await load(), { version: 3, keys: [first] });
  });

  it('changes nothing for what signs, when it was retired', async () => {
    const next = await rotateSigningKey('ES256', 0, ports);
    assert.ok(next);
    time.now = next.signs_from + UNTIL_EVERY_CACHE_HAS_IT;
    const effects = await foreseeRemoval(first.kid, ports);
    assert.deepEqual(
      [effects.state, effects.successor, effects.is_successor_known, effects.tokens_until],
      ['retired', next, true, next.signs_from + UNTIL_LAST_TOKEN_EXPIRED],
    );
    await removeSigningKey(first.kid, ports);
    assert.deepEqual(await load(), { version: 3, keys: [next] });
  });

  it('leaves its algorithm without a key where none like it can be made, or where it was retired as the last', async () => {
    const none = { ...ports, keyMaker: { ...ports.keyMaker, makesSuch: () => false } };
    assert.equal((await foreseeRemoval(first.kid, none)).successor, undefined);
    const last = makeSigningKey(await ports.keyMaker.make('EdDSA'), {
      retired_at: 1,
      published_until: NOW + 9,
    });
    await ports.signingKeys.replace({ version: 2, keys: [first, last] });
    assert.equal((await foreseeRemoval(last.kid, ports)).successor, undefined);
    await removeSigningKey(last.kid, ports);
    await removeSigningKey(first.kid, none);
    assert.deepEqual(await load(), { version: 4, keys: [] });
  });

  it('is one that is there', async () => {
    const { kid } = makeSigningKey(await ports.keyMaker.make('ES256'));
    const notFound = {
      code: 'not_found',
      description: `there is no key ${kid}: signet keys list shows those there are`,
    };
    await assert.rejects(foreseeRemoval(kid, ports), notFound);
    await assert.rejects(removeSigningKey(kid, ports), notFound);
  });

  it('is removed whatever others change meanwhile, and one key is made for it', async () => {
    const removals = [1, 2].map(() => removeSigningKey(first.kid, ports));
    const outcomes = await Promise.allSettled(removals);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const kid = (await current())?.kid;
    assert.ok(kid);
    await removeSigningKey(kid, changedMeanwhile());
    assert.equal((await load()).keys.length, 1);
  });
});

describe('a signing key that is disabled', () => {
  beforeEach(() => {
    time.now += 10;
  });
  const states = async () => {
    const keySet = await load();
    return keySet.keys.map((key) => signingKeyState(key, keySet, time.now));
  };

  it('is out of the JWKS and out of use at once, whatever the clock of who looks, and another is made that signs', async () => {
    await disableSigningKey(first.kid, ports);
    const keySet = await load();
    const [disabled, made] = keySet.keys;
    const until = time.now + UNTIL_LAST_TOKEN_EXPIRED;
    const end = { retired_at: time.now, published_until: until, disabled_at: time.now };
    assert.deepEqual(disabled, { ...first, ...end });
    assert.equal(made?.signs_from, time.now);
    for (const now of [time.now - 10, time.now, time.now + 10]) {
      assert.deepEqual(publishedKeys(keySet, now), [made]);
      assert.equal(currentSigningKey(keySet, 'ES256', now), made);
    }
    time.now = until;
    assert.deepEqual(await states(), ['gone', 'active']);
  });

  it('is in the JWKS again when it is enabled, whatever others change meanwhile, until its last token has expired, and signs no more', async () => {
    await disableSigningKey(first.kid, ports);
    const retired_at = time.now;
    time.now += 3_600;
    await enableSigningKey(first.kid, changedMeanwhile());
    assert.deepEqual(await states(), ['retired', 'active']);
    const published_until = retired_at + UNTIL_LAST_TOKEN_EXPIRED;
    assert.deepEqual((await load()).keys[0], { ...first, retired_at, published_until });
  });

  it('keeps the times of its end where it has them, however often it is disabled', async () => {
    const next = await rotateSigningKey('ES256', 0, ports);
    assert.ok(next);
    time.now = next.signs_from;
    const retired = (await load()).keys[0];
    await disableSigningKey(first.kid, ports);
    const disabled_at = time.now;
    time.now += 10;
    await disableSigningKey(first.kid, ports);
    assert.deepEqual((await load()).keys, [{ ...retired, disabled_at }, next]);
  });

  it('is not published anew by a deploy, nor is one enabled that is not disabled', async () => {
    await enableSigningKey(first.kid, ports);
    assert.equal((await load()).version, 1);
    await disableSigningKey(first.kid, ports);
    await publishSigningKey(first, ports);
    assert.deepEqual(await states(), ['disabled', 'active']);
  });
});
