import { OAuthError } from '../core/oauth-error.ts';
import { endpoint, type Handler } from './endpoint.ts';
import type { RequestLog } from './request-log.ts';

/** Makes the handler of every path that has no endpoint. */
export function notFound(log: RequestLog): Handler {
  return endpoint(
    'not-found',
    async () => {
      throw new OAuthError(
        'not_found',
        'no endpoint is here: the metadata at /.well-known/oauth-authorization-server lists them',
      );
    },
    log,
  );
}
