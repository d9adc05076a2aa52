import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CONTENDERS } from '../../bench/contenders/contenders.ts';
import type { MeasuredServer } from '../../bench/contenders/measured-server.ts';
import { decodeJwt } from '../../core/jose/jwt.ts';
import { basic } from '../support/oauth-request.ts';

describe('the floor of the benchmark', () => {
  const servers: MeasuredServer[] = [];
  after(() => Promise.all(servers.map((server) => server.stop())));

  for (const alg of ['RS256', 'ES256'] as const) {
    for (const name of ['floor, signs at once', 'floor, signs in the pool'] as const) {
      it(`answers what the issuer answers, with ${alg}: ${name}`, async () => {
        const [issuer, floor] = [await CONTENDERS.signet(alg), await CONTENDERS[name](alg)];
        servers.push(issuer, floor);
        assert.deepEqual(await tokenForm(floor), await tokenForm(issuer));
      });
    }
  }

  it('refuses a wrong secret', async () => {
    const floor = await CONTENDERS['floor, signs at once']('ES256');
    servers.push(floor);
    assert.equal((await requestToken(floor, 'wrong')).status, 401);
  });
});

/** What a token response is made of, apart from what differs in each. */
async function tokenForm(server: MeasuredServer): Promise<unknown> {
  const response = await requestToken(server, server.client.client_secret);
  const { access_token, ...members } = (await response.json()) as { access_token: string };
  const jwt = decodeJwt(access_token);
  const headers = [...response.headers].filter(([name]) => !['date', 'content-length'].includes(name));
  return {
    status: response.status,
    headers,
    members,
    jwtHeader: Object.keys(jwt?.header ?? {}),
    claims: Object.entries(jwt?.claims ?? {}).map(([name, value]) => [name, String(value).length]),
    signature: jwt?.signature.length,
  };
}

function requestToken(
  { url, form, client: { client_id } }: MeasuredServer,
  client_secret: string,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { Authorization: basic(client_id, client_secret) },
    body: new URLSearchParams(form),
  });
}
