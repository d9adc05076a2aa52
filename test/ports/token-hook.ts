import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenDecision, TokenHook } from '../../core/ports/token-hook.ts';
import { clientId } from '../support/records.ts';

/** What a hook does with a decision. */
export type Decide = (decision: TokenDecision) => unknown;

export const DECISION: TokenDecision = {
  issuer: 'https://auth.example.com',
  grant_type: 'client_credentials',
  client: {
    client_id: clientId('backend'),
    client_name: 'Büro 💡',
    client_id_issued_at: 1,
    claims: { level: [1, { a: null }] },
  },
  resources: ['https://api.example.com'],
  scope: 'read write',
  cnf: { jkt: 'thumbprint' },
};

/**
 * Holds the TokenHook of an adapter to what the port promises.
 *
 * @param open makes the hook that does this, and gives up on it after so many milliseconds
 */
export function tokenHookContract(
  adapter: string,
  open: (decide: Decide, timeoutMilliseconds?: number) => Promise<TokenHook>,
): void {
  describe(`TokenHook on ${adapter}`, () => {
    it('tells the hook the decision, and has its answer as JSON, as often as it is asked', async () => {
      const hook = await open((decision) => ({ claims: { told: decision } }));
      for (let n = 0; n < 3; n += 1) {
        assert.deepEqual(JSON.parse(await hook.ask(DECISION)), { claims: { told: DECISION } });
      }
    });

    it('asks several at once, and has for each its own answer', async () => {
      const hook = await open(async ({ scope }) => ({ claims: { scope } }));
      const scopes = Array.from({ length: 10 }, (_, n) => `s${n}`);
      const answers = await Promise.all(scopes.map((scope) => hook.ask({ ...DECISION, scope })));
      assert.deepEqual(
        answers.map((answer) => JSON.parse(answer)),
        scopes.map((scope) => ({ claims: { scope } })),
      );
    });

    it('leaves the decision as it is, whatever the hook does to it', async () => {
      const before = structuredClone(DECISION);
      const hook = await open((decision) => Object.assign(decision, { scope: 'admin', resources: [] }));
      await hook.ask(DECISION);
      assert.deepEqual(DECISION, before);
    });

    it('has the answer as it is, be it none', async () => {
      for (const answer of [null, 1, [], 'text', { refuse: true }]) {
        assert.deepEqual(JSON.parse(await (await open(() => answer)).ask(DECISION)), answer);
      }
    });

    it('says that a hook failed that threw, at once or later', async () => {
      const thrower = () => {
        throw new Error('no');
      };
      const rejecter = async () => Promise.reject(new Error('no'));
      for (const decide of [thrower, rejecter]) {
        const hook = await open(decide);
        await assert.rejects(hook.ask(DECISION), { name: 'TokenHookError', reason: 'hook_failed' });
      }
    });

    it('gives up on a hook that does not answer', async () => {
      const hook = await open(() => new Promise(() => {}), 20);
      await assert.rejects(hook.ask(DECISION), { name: 'TokenHookError', reason: 'hook_timeout' });
    });

    it('takes an answer of 8,192 bytes and none that is longer, in bytes and not in characters', async () => {
      const longest = 'x'.repeat(8_190);
      assert.equal(await (await open(() => longest)).ask(DECISION), JSON.stringify(longest));
      for (const answer of [`${longest}x`, 'ü'.repeat(4_096), 'x'.repeat(1_000_000)]) {
        const hook = await open(() => answer);
        await assert.rejects(hook.ask(DECISION), { name: 'TokenHookError', reason: 'hook_invalid_answer' });
      }
    });
  });
}
