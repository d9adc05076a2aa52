import { TOKEN_HOOK_ANSWER_MAX_BYTES, TOKEN_HOOK_TIMEOUT_MILLISECONDS } from '../../core/limits.ts';
import { type TokenDecision, type TokenHook, TokenHookError } from '../../core/ports/token-hook.ts';

/** What a module that is a hook exports as its default; a Lambda's handler is the same. */
export type TokenHookFunction = (decision: TokenDecision) => unknown;

/** A hook that is a function in this process. One that never waits, and never ends, cannot be ended. */
export function embeddedTokenHook(
  decide: TokenHookFunction,
  timeoutMilliseconds = TOKEN_HOOK_TIMEOUT_MILLISECONDS,
): TokenHook {
  return {
    async ask(decision) {
      // A copy: what a hook does to it changes nothing of what was decided.
      const answer = await withinTime(run(decide, structuredClone(decision)), timeoutMilliseconds);
      const text = toJson(answer);
      if (text !== undefined && Buffer.byteLength(text) <= TOKEN_HOOK_ANSWER_MAX_BYTES) return text;
      const message = `the answer is no JSON of at most ${TOKEN_HOOK_ANSWER_MAX_BYTES} bytes`;
      throw new TokenHookError('hook_invalid_answer', message);
    },
  };
}

async function run(decide: TokenHookFunction, decision: TokenDecision): Promise<unknown> {
  try {
    return await decide(decision);
  } catch (cause) {
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : 'something that is no Error';
    throw new TokenHookError('hook_failed', `the hook threw ${what}`, cause);
  }
}

async function withinTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new TokenHookError('hook_timeout', 'the hook took too long')),
    milliseconds,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined for what JSON cannot say. */
function toJson(answer: unknown): string | undefined {
  try {
    return JSON.stringify(answer);
  } catch {
    return undefined;
  }
}
