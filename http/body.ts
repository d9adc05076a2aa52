import { isUtf8 } from 'node:buffer';
import { OAuthError } from '../core/oauth-error.ts';

/**
 * Reads a body as text.
 *
 * @param source the section that has it in UTF-8
 * @throws OAuthError `invalid_request` when it is not
 */
export function decodeUtf8(body: Buffer, source: string): string {
  if (!isUtf8(body)) throw new OAuthError('invalid_request', `the body is not UTF-8 (${source})`);
  return body.toString();
}
