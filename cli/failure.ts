import { CommanderError } from 'commander';
import { StoreFailure } from '../adapters/embedded/unusable-store.ts';
import { OAuthError } from '../core/oauth-error.ts';
import { terminalText } from './terminal-text.ts';

/** Bad input ends the command with 2, anything else that fails with 1. */
const BAD_INPUT = 2;
const FAILURE = 1;

/** Says on standard error what went wrong, as a sentence or as the JSON that was asked for, and tells the exit code. */
export function reportFailure(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError && HELP_CODES.has(error.code)) {
    return error.exitCode === 0 ? 0 : BAD_INPUT;
  }
  const { code, description } = describe(error);
  const text = args.includes('--json')
    ? JSON.stringify({ error: code, error_description: description })
    : `signet: ${terminalText(description)}`;
  process.stderr.write(`${text}\n`);
  return code === 'server_error' || code === 'temporarily_unavailable' ? FAILURE : BAD_INPUT;
}

/** Help and version: commander has written them, to standard error when a command is missing. */
const HELP_CODES = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version']);

function describe(error: unknown): Pick<OAuthError, 'code' | 'description'> {
  if (error instanceof OAuthError) return forOperator(error);
  if (error instanceof CommanderError) return { code: 'invalid_request', description: describeUsage(error) };
  return { code: 'server_error', description: error instanceof Error ? error.message : String(error) };
}

/** Who asks an issuer for something is told to try again; who runs it, what failed in its store. */
function forOperator({ code, description, cause }: OAuthError): Pick<OAuthError, 'code' | 'description'> {
  return { code, description: cause instanceof StoreFailure ? cause.message : description };
}

/** Commander's sentence in our form; what it says of a value tells what to write already. */
function describeUsage({ code, message }: CommanderError): string {
  const sentence = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  return code === 'commander.invalidArgument'
    ? sentence
    : `${sentence}: add --help to see what the command takes`;
}
