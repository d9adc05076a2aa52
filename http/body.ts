import { OAuthError } from '../core/oauth-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a body as text.
 *
 * @param source the section that has it in UTF-8
 * @throws OAuthError `invalid_request` when it is not
 */
export function decodeUtf8(body: Buffer, source: string): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new OAuthError('invalid_request', `the body is not UTF-8 (${source})`);
  }
}
