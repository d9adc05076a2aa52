import assert from 'node:assert/strict';
import type { Alg } from '../../core/jose/algorithms.ts';
import {
  currentSigningKey,
  EMPTY_KEY_SET,
  type KeyId,
  type KeySet,
  publishedKeys,
} from '../../core/jose/signing-key.ts';
import type { RotationPorts } from '../../core/management/key-set-change.ts';
import type { MadeKey, MadeKeys } from '../../core/ports/made-keys.ts';
import type { SigningKeyStore } from '../../core/ports/signing-key-store.ts';

const LONGEST_TOKEN = 86_400;
const FUNCTION_KEEPS_KEY_SET = 900;
const ANYONE_KEEPS_JWKS = 300;

/** By how much the clocks of functions and verifiers differ from the true time, either way. */
const FUNCTION_CLOCKS = [-10, 10];
const VERIFIER_LAGS = 20;

export const ALGS = ['RS256', 'PS256'] as const satisfies readonly Alg[];

/** What goes wrong: a write of the key set, or its answer, is lost; or that of the making or the discarding of a key is. */
export type Fault = 'none' | 'lost' | 'answer lost' | 'answer of KMS lost';

/** A private half as KMS has it. */
interface InKms extends MadeKey {
  isDiscarded: boolean;
}

/** What an operator, or a function, has of the issuer. */
export type LifeCyclePorts = RotationPorts & { readonly madeKeys: MadeKeys };

/**
 * An issuer in which time passes: every token that one of its functions could have signed is remembered, and every key set that one of
 * them could still have.
 */
export class KeyLifeCycle {
  now = 1_800_000_000;
  #history: { readonly at: number; readonly keySet: KeySet }[] = [{ at: 0, keySet: EMPTY_KEY_SET }];
  /** Since when each key has been published. */
  readonly #publishedSince = new Map<KeyId, number>();
  /** Keys that had to sign at once: nothing else did. */
  readonly #hadToSignAtOnce = new Set<KeyId>();
  /** When the last token of each key expires. */
  readonly #lastTokenExpires = new Map<KeyId, number>();
  /** Private halves by what keys refer to them by. */
  readonly #made = new Map<string, InKms>();
  /** Keys that were taken out at once: functions may go on with them for a while, and fail then. */
  readonly #givenUp = new Set<KeyId>();
  /** Algorithms that were taken out of the issuer. */
  readonly ended = new Set<Alg>();

  get keySet(): KeySet {
    return this.#latest.keySet;
  }

  /** The ports of an operator whose clock is ahead by some seconds. */
  ports(ahead: number, fault: Fault): LifeCyclePorts {
    const signingKeys: SigningKeyStore = {
      load: async () => this.keySet,
      replace: async (keySet) => {
        if (fault === 'lost') throw new Error('the write was lost');
        if (keySet.version !== this.keySet.version + 1) return false;
        this.#write(keySet);
        if (fault === 'answer lost') throw new Error('the answer was lost');
        return true;
      },
    };
    const make = async (alg: Alg) => {
      const name = `made ${this.#made.size}`;
      this.#made.set(name, { private_key_reference: name, made_at: this.now, isDiscarded: false });
      if (fault === 'answer of KMS lost') throw new Error('the answer of KMS was lost');
      return {
        alg,
        public_jwk: { kty: 'RSA', n: `${alg} ${name}`, e: 'AQAB' },
        private_key_reference: name,
      } as const;
    };
    const madeKeys: MadeKeys = {
      list: async () => [...this.#made.values()].filter(({ isDiscarded }) => !isDiscarded),
      discard: async ({ private_key_reference }) => {
        const key = this.#made.get(private_key_reference) ?? assert.fail();
        key.isDiscarded = true;
        if (fault === 'answer of KMS lost') throw new Error('the answer of KMS was lost');
      },
    };
    return {
      signingKeys,
      keyMaker: { make, makesSuch: () => true },
      madeKeys,
      clock: () => this.now + ahead,
    };
  }

  /** Checks that private halves are there for the keys of the key set, and no other is. */
  checkNoneIsLeft(): void {
    const needed = new Set(this.keySet.keys.map((key) => key.private_key_reference));
    for (const { private_key_reference, isDiscarded } of this.#made.values()) {
      assert.equal(
        isDiscarded,
        !needed.has(private_key_reference),
        'a private half is left, or gone too soon',
      );
    }
  }

  /** A key is removed or disabled at once: what its tokens and its successor have to wait for else is given up. */
  giveUp(kid: KeyId): void {
    this.#lastTokenExpires.delete(kid);
    this.#givenUp.add(kid);
    // Itself too: functions that keep an older key set sign with it though it was disabled, and that began its time anew.
    for (const each of [kid, ...this.keySet.keys.map((key) => key.kid)]) this.#hadToSignAtOnce.add(each);
  }

  /** An algorithm that was taken out may be there again. */
  settle(): void {
    for (const { alg, retired_at } of this.keySet.keys) if (retired_at === undefined) this.ended.delete(alg);
  }

  /** Lets time pass, and looks at each second at which anything could change. */
  wait(seconds: number): void {
    const end = this.now + seconds;
    const times = this.keySet.keys.flatMap((key) => [
      key.signs_from,
      ...(key.retired_at === undefined ? [] : [key.retired_at]),
      ...(key.published_until === undefined ? [] : [key.published_until]),
    ]);
    const moments = [...times.flatMap((time) => [-11, -10, -1, 0, 10].map((by) => time + by)), end];
    for (const moment of moments.filter((time) => time > this.now && time <= end).sort((a, b) => a - b)) {
      this.now = moment;
      this.check();
    }
  }

  /** Checks what has to hold at every moment, in whichever function with whichever key set that it keeps. */
  check(): void {
    const kept = this.#keptKeySets();
    for (const keySet of kept) {
      assert.equal(
        new Set(keySet.keys.map(({ kid }) => kid)).size,
        keySet.keys.length,
        'a key stands there twice',
      );
      for (const clock of FUNCTION_CLOCKS) {
        for (const alg of ALGS) this.#sign(keySet, alg, this.now + clock);
        this.#verify(keySet, this.now + clock);
      }
    }
  }

  #sign(keySet: KeySet, alg: Alg, now: number): void {
    const key = currentSigningKey(keySet, alg, now);
    if (!key) {
      const hasBegun = this.keySet.keys.some((each) => each.alg === alg);
      assert.ok(keySet !== this.keySet || this.ended.has(alg) || !hasBegun, `nothing signs with ${alg}`);
      return;
    }
    const isDiscarded = this.#made.get(key.private_key_reference)?.isDiscarded ?? false;
    assert.ok(!isDiscarded || this.#givenUp.has(key.kid), 'a key signs whose private half is discarded');
    const since = this.#publishedSince.get(key.kid) ?? this.now;
    const isKnown = since + FUNCTION_KEEPS_KEY_SET + ANYONE_KEEPS_JWKS <= this.now;
    assert.ok(isKnown || this.#hadToSignAtOnce.has(key.kid), 'a verifier may not know the key that signs');
    if (this.keySet.keys.some(({ kid, disabled_at }) => kid === key.kid && disabled_at === undefined))
      this.#lastTokenExpires.set(key.kid, now + LONGEST_TOKEN);
  }

  #verify(keySet: KeySet, now: number): void {
    const published = new Set(publishedKeys(keySet, now).map(({ kid }) => kid));
    for (const [kid, expires] of this.#lastTokenExpires) {
      const isOlder = (this.#publishedSince.get(kid) ?? 0) > this.now - FUNCTION_KEEPS_KEY_SET;
      const isExpired = expires + VERIFIER_LAGS <= this.now;
      assert.ok(isExpired || isOlder || published.has(kid), 'a token is good and its key is not in the JWKS');
    }
  }

  /** The key sets that a function may have now: the latest, and those that were replaced since it last looked. */
  #keptKeySets(): readonly KeySet[] {
    return this.#history
      .filter(
        (_, index) =>
          (this.#history[index + 1]?.at ?? Number.POSITIVE_INFINITY) > this.now - FUNCTION_KEEPS_KEY_SET,
      )
      .map(({ keySet }) => keySet);
  }

  get #latest() {
    return this.#history.at(-1) ?? assert.fail();
  }

  #write(keySet: KeySet): void {
    const before = this.keySet.keys;
    for (const key of keySet.keys) {
      const known = before.find(({ kid }) => kid === key.kid);
      if (known?.published_at === key.published_at && known.disabled_at === key.disabled_at) continue;
      this.#publishedSince.set(key.kid, this.now);
      const goesOn = before.some((each) => each.alg === key.alg && each.retired_at === undefined);
      if (!goesOn) this.#hadToSignAtOnce.add(key.kid);
    }
    this.#history = [...this.#history.slice(-20), { at: this.now, keySet: structuredClone(keySet) }];
  }
}
