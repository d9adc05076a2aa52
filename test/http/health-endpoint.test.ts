import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporarilyUnavailable } from '../../core/temporarily-unavailable.ts';
import { healthEndpoint } from '../../http/health-endpoint.ts';
import { httpApiEvent } from '../support/api-gateway-events.ts';

const UNCACHED = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };
const WELL = { statusCode: 200, headers: UNCACHED, body: '{"status":"ok"}' };

const ask = (method: string, check = async () => ({ status: 'ok' }) as const) =>
  healthEndpoint(check, () => undefined)(httpApiEvent({ method }));

describe('healthEndpoint', () => {
  it('answers 200, for no cache to keep, while the issuer is well', async () => {
    assert.deepEqual(await ask('GET'), WELL);
  });

  it('answers HEAD as GET, without the body (RFC 9110 §9.3.2)', async () => {
    assert.deepEqual(await ask('HEAD'), { ...WELL, body: '' });
  });

  it('answers as a token request would be, while it is not', async () => {
    const { statusCode, headers } = await ask('GET', async () => {
      throw temporarilyUnavailable(new Error('KMS throttles'));
    });
    assert.deepEqual([statusCode, headers['Retry-After']], [503, '2']);
  });

  it('refuses POST, and says which methods it takes (RFC 9110 §15.5.6)', async () => {
    const { statusCode, headers } = await ask('POST');
    assert.deepEqual([statusCode, headers['Allow']], [405, 'GET, HEAD']);
  });
});
