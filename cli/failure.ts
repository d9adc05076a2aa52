import { CommanderError } from 'commander';
import { OAuthError } from '../core/oauth-error.ts';

/** Bad input ends the command with 2, anything else that fails with 1. */
const BAD_INPUT = 2;
const FAILURE = 1;

/** Says on standard error what went wrong, as a sentence or as JSON, and tells the exit code. */
export function reportFailure(error: unknown, { json }: { readonly json: boolean }): number {
  // Commander has written its sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const { code, description } = describe(error);
  const text = json
    ? JSON.stringify({ error: code, error_description: description })
    : `signet: ${description}`;
  process.stderr.write(`${text}\n`);
  return code === 'server_error' || code === 'temporarily_unavailable' ? FAILURE : BAD_INPUT;
}

function describe(error: unknown): Pick<OAuthError, 'code' | 'description'> {
  if (error instanceof OAuthError) return error;
  return { code: 'server_error', description: error instanceof Error ? error.message : String(error) };
}
