import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ALGS, type Alg } from '../../../core/algorithms.ts';
import { thumbprint } from '../../../core/json-web-key-thumbprint.ts';
import { publishSigningKey, retireSigningKey } from '../../../core/management/signing-keys.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import type { SigningKeyStore } from '../../../core/ports/signing-key-store.ts';
import { currentSigningKey, type KeyId, type KeySet, publishedKeys } from '../../../core/signing-key.ts';
import { type KeyMaterial, memorySigningKeyStore } from '../../support/memory-ports.ts';

const LONGEST_TOKEN_SECONDS = 86_400;
const JWKS_IN_EVERY_CACHE_SECONDS = 60 + 300;
const FUNCTION_KEEPS_KEY_SET_SECONDS = 60;

type Step =
  | { readonly do: 'publish' | 'retire'; readonly alg: Alg; readonly key: number }
  | { readonly do: 'wait'; readonly seconds: number };

const KEY_STEP = fc.record({
  do: fc.constantFrom('publish', 'retire'),
  alg: fc.constantFrom('RS256', 'PS256'),
  key: fc.nat(3),
});
const WAIT = fc.record({
  do: fc.constant('wait'),
  seconds: fc.oneof(fc.nat(500), fc.constantFrom(60, 420, 86_400), fc.nat(100_000)),
});
const STEPS: fc.Arbitrary<Step[]> = fc.array(fc.oneof({ weight: 2, arbitrary: KEY_STEP }, WAIT), {
  maxLength: 30,
});

const publicJwk = (alg: Alg, n: number) => ({ kty: 'RSA', n: `${alg} ${n}`, e: 'AQAB' }) as const;

/** Takes an issuer's key set through steps, and checks at each second that matters what has to hold at all of them. */
class LifeCycle {
  now = 1_800_000_000;
  readonly signingKeys: SigningKeyStore = memorySigningKeyStore();
  readonly clock = () => this.now;
  /** When each key was last seen to sign. */
  readonly lastSigned = new Map<KeyId, number>();

  async take(step: Step): Promise<void> {
    if (step.do === 'wait') return this.wait(step.seconds);
    const public_jwk = publicJwk(step.alg, step.key);
    if (step.do === 'publish') {
      await this.publish({ alg: step.alg, public_jwk, private_key_reference: 'none' });
    } else {
      await retireSigningKey(thumbprint(public_jwk), this).catch((error) => {
        assert.ok(error instanceof OAuthError && error.code === 'conflict', String(error));
      });
    }
    this.check(await this.signingKeys.load());
  }

  /** A key that follows one in use is in every cache of the JWKS before it signs. */
  private async publish(material: KeyMaterial): Promise<void> {
    const before = await this.signingKeys.load();
    const { signs_from } = await publishSigningKey(material, this);
    const { version } = await this.signingKeys.load();
    if (version === before.version || !currentSigningKey(before, material.alg, this.now)) return;
    assert.ok(signs_from >= this.now + JWKS_IN_EVERY_CACHE_SECONDS, 'a second key signs too early');
  }

  /** Looks at the seconds at which anything can change, and at those before them. */
  private async wait(seconds: number): Promise<void> {
    const keySet = await this.signingKeys.load();
    const end = this.now + seconds;
    const times = keySet.keys.flatMap((each) => [each.signs_from, each.published_until ?? 0]);
    const moments = [...times.flatMap((time) => [time - 1, time]), end].filter(
      (time) => time > this.now && time <= end,
    );
    for (const moment of moments.sort((a, b) => a - b)) {
      this.now = moment;
      this.check(keySet);
    }
  }

  private check(keySet: KeySet): void {
    const published = publishedKeys(keySet, this.now);
    assert.equal(
      new Set(keySet.keys.map((each) => each.kid)).size,
      keySet.keys.length,
      'a key stands there twice',
    );
    for (const alg of ALGS) {
      const inUse = keySet.keys.filter((each) => each.alg === alg && each.retired_at === undefined);
      const current = currentSigningKey(keySet, alg, this.now);
      assert.equal(current !== undefined, inUse.length > 0, `${inUse.length} keys in use for ${alg}`);
      if (!current) continue;
      assert.ok(published.includes(current), 'the key that signs is not published');
      this.lastSigned.set(current.kid, this.now);
    }
    for (const [kid, signed] of this.lastSigned) {
      const lastTokenExpires = signed + FUNCTION_KEEPS_KEY_SET_SECONDS + LONGEST_TOKEN_SECONDS;
      const isPublished = published.some((each) => each.kid === kid);
      assert.ok(
        isPublished || this.now >= lastTokenExpires,
        'a key left the JWKS before its last token expired',
      );
    }
  }
}

describe('the life cycle of signing keys', () => {
  it('leaves no algorithm that has a key without one that signs, and no valid token without its key', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, async (steps) => {
        const lifeCycle = new LifeCycle();
        for (const step of steps) await lifeCycle.take(step);
      }),
      { numRuns: 1_000 },
    );
  });
});
