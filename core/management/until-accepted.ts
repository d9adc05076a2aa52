import { OAuthError } from '../oauth-error.ts';

/** Two operators at once are rare; more tries than this mean that something else is wrong. */
const ATTEMPTS = 5;

/**
 * Repeats a change that reads, decides and writes until no other change came between its reading and its writing.
 *
 * @param attempt answers undefined when another change was first
 * @throws OAuthError `conflict` when that happens again and again.
 */
export async function untilAccepted<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < ATTEMPTS; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new OAuthError('conflict', `${what} is being changed by others at the same time: try again`);
}
