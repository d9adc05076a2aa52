import type { Health } from '../core/health.ts';
import { endpoint, type Handler } from './endpoint.ts';
import { requireMethod } from './method.ts';
import type { RequestLog } from './request-log.ts';
import { uncachedJson } from './response.ts';

/** Makes the handler that load balancers and DNS ask whether an issuer can issue tokens: 200, or the error that a token request would get. */
export function healthEndpoint(check: () => Promise<Health>, log: RequestLog): Handler {
  return endpoint(
    'health',
    async ({ request }) => {
      requireMethod(request, 'GET', 'HEAD');
      const response = uncachedJson(200, await check());
      return request.method === 'HEAD' ? { ...response, body: '' } : response;
    },
    log,
  );
}
