import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { embeddedTokenHook, type TokenHookFunction } from '../../adapters/embedded/token-hook.ts';
import { OAuthError } from '../../core/oauth-error.ts';
import type { TokenHook } from '../../core/ports/token-hook.ts';

/**
 * Loads an operator's hook from a file.
 *
 * @throws OAuthError `invalid_request` when that is no module with a function as its default export
 */
export async function loadTokenHook(file: string): Promise<TokenHook> {
  const module = await importFile(file);
  if (isHookModule(module)) return embeddedTokenHook(module.default);
  throw new OAuthError('invalid_request', `${file} has no function as its default export`);
}

async function importFile(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it threw something that is no Error';
    throw new OAuthError('invalid_request', `${file} cannot be loaded: ${why}`, { cause });
  }
}

function isHookModule(module: unknown): module is { readonly default: TokenHookFunction } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'default' in module &&
    typeof module.default === 'function'
  );
}
