import { describe, it } from 'node:test';
import fc from 'fast-check';
import { discardMadeKeys } from '../../../core/management/discard-made-keys.ts';
import { rotateSigningKey, rotateSigningKeys } from '../../../core/management/key-rotation.ts';
import {
  disableSigningKey,
  enableSigningKey,
  removeSigningKey,
} from '../../../core/management/remove-signing-key.ts';
import {
  provideSigningKey,
  publishSigningKey,
  retireSigningKey,
  retireSigningKeys,
} from '../../../core/management/signing-keys.ts';
import { ALGS, KeyLifeCycle, type LifeCyclePorts } from '../../support/key-life-cycle.ts';

const ACTION = fc.record({
  do: fc.constantFrom(
    'provide',
    'publish',
    'rotate',
    'rotate',
    'rotate',
    'retire',
    'remove',
    'disable',
    'enable',
    'end',
    'discard',
    'discard',
  ),
  alg: fc.constantFrom(...ALGS),
  /** Which of its keys. */
  key: fc.nat(3),
  period: fc.constantFrom(0, 0, 172_800),
  /** The clock of who does it: about right, or that of another time zone. */
  ahead: fc.constantFrom(-10, 0, 10, 50_400),
  fault: fc.constantFrom('none', 'none', 'none', 'lost', 'answer lost', 'answer of KMS lost'),
});
type Action = typeof ACTION extends fc.Arbitrary<infer T> ? T : never;

/** Actions of several operators at once, and then a time in which nothing happens. */
const STEPS = fc.array(
  fc.record({
    actions: fc.array(ACTION, { minLength: 1, maxLength: 3 }),
    wait: fc.oneof(fc.nat(500), fc.constantFrom(0, 900, 1_260, 86_400, 172_800), fc.nat(100_000)),
  }),
  { maxLength: 12 },
);

/** Lets all that is read, made and written at once happen in any order. */
function scheduled({ signingKeys, keyMaker, madeKeys, ...ports }: LifeCyclePorts, scheduler: fc.Scheduler) {
  const inTurn =
    <Args extends readonly unknown[], T>(run: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await scheduler.schedule(Promise.resolve());
      return run(...args);
    };
  return {
    ...ports,
    signingKeys: { load: inTurn(signingKeys.load), replace: inTurn(signingKeys.replace) },
    keyMaker: { ...keyMaker, make: inTurn(keyMaker.make) },
    madeKeys: { list: inTurn(madeKeys.list), discard: inTurn(madeKeys.discard) },
  };
}

async function act(action: Action, lifeCycle: KeyLifeCycle, scheduler: fc.Scheduler): Promise<void> {
  const { alg } = action;
  const ports = scheduled(lifeCycle.ports(action.ahead, action.fault), scheduler);
  const kid = lifeCycle.keySet.keys.filter((key) => key.alg === alg).at(-1 - action.key)?.kid;
  switch (action.do) {
    case 'provide':
      return provideSigningKey(alg, ports);
    case 'publish': {
      const public_jwk = { kty: 'RSA', n: `${alg} ${action.key}`, e: 'AQAB' } as const;
      await publishSigningKey({ alg, public_jwk, private_key_reference: 'none' }, ports);
      return;
    }
    case 'rotate':
      await rotateSigningKey(alg, action.period, ports);
      return;
    case 'retire':
      return kid && retireSigningKey(kid, ports);
    case 'remove':
    case 'disable': {
      const takeOut = action.do === 'remove' ? removeSigningKey : disableSigningKey;
      if (kid) await takeOut(kid, ports).finally(() => lifeCycle.giveUp(kid));
      return;
    }
    case 'enable':
      return kid && enableSigningKey(kid, ports);
    case 'end':
      lifeCycle.ended.add(alg);
      return retireSigningKeys(alg, () => true, ports);
    case 'discard':
      await discardMadeKeys(ports);
      return;
  }
}

/** The rotation function of an issuer with keys as it runs each day, with nothing in its way. */
async function rotateEachDay(days: number, lifeCycle: KeyLifeCycle): Promise<void> {
  await provideSigningKey('RS256', lifeCycle.ports(0, 'none'));
  for (let day = 0; day < days; day += 1) {
    lifeCycle.wait(86_400);
    const ports = lifeCycle.ports(0, 'none');
    await rotateSigningKeys(1_000 * 86_400, ports);
    await discardMadeKeys(ports);
  }
}

describe('the life cycle of signing keys', () => {
  it('lets no key sign that a verifier may not know, nor leave while a token of it is good, nor a private half stay or go too soon, whatever is done when and how often', async () => {
    await fc.assert(
      fc.asyncProperty(STEPS, fc.scheduler(), async (steps, scheduler) => {
        const lifeCycle = new KeyLifeCycle();
        for (const { actions, wait } of steps) {
          const acts = actions.map((action) => act(action, lifeCycle, scheduler));
          // What fails has failed half way, and is not tried again: the next action finds what it left.
          await scheduler.waitFor(Promise.allSettled(acts));
          lifeCycle.settle();
          lifeCycle.check();
          lifeCycle.wait(wait);
        }
        await rotateEachDay(4, lifeCycle);
        lifeCycle.checkNoneIsLeft();
      }),
      { numRuns: 1_000 },
    );
  });
});
