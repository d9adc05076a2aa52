import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { OAuthError } from '../core/oauth-error.ts';

/**
 * Has whoever sits at the terminal confirm what cannot be undone.
 *
 * @throws OAuthError `invalid_request` when the answer is not yes, or when there is no terminal to ask at
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new OAuthError('invalid_request', 'there is no terminal to ask at: add --yes to go on without');
  process.stderr.write(`${question} Write yes to go on: `);
  const lines = createInterface({ input: process.stdin });
  // The input may also end without a line (Ctrl-D).
  const [answer] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  lines.close();
  if (answer !== 'yes') throw new OAuthError('invalid_request', 'nothing was changed');
}
