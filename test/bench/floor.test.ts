import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CONTENDERS } from '../../bench/contenders/contenders.ts';
import type { MeasuredServer } from '../../bench/contenders/measured-server.ts';
import { asksForIntrospection, tokenOf } from '../../bench/introspection-request.ts';
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

  it('says of a token what the issuer says', async () => {
    const [issuer, floor] = [
      await CONTENDERS.signet('ES256'),
      await CONTENDERS['floor, signs at once']('ES256'),
    ];
    servers.push(issuer, floor);
    assert.deepEqual(await introspectionForm(floor), await introspectionForm(issuer));
  });

  it('refuses a wrong secret', async () => {
    const floor = await CONTENDERS['floor, signs at once']('ES256');
    servers.push(floor);
    assert.equal((await send(floor, 'wrong')).status, 401);
    assert.equal((await send(asksForIntrospection(floor, await tokenOf(floor)), 'wrong')).status, 401);
  });
});

/** What a token response is made of, apart from what differs in each. */
async function tokenForm(server: MeasuredServer): Promise<unknown> {
  const response = await send(server);
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

async function introspectionForm(server: MeasuredServer): Promise<unknown> {
  const response = await send(asksForIntrospection(server, await tokenOf(server)));
  const members = Object.entries(Object(await response.json())).map(([name, value]) => [name, typeof value]);
  return { status: response.status, members: members.sort() };
}

function send(
  { url, form, client }: MeasuredServer,
  client_secret: string = client.client_secret,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { Authorization: basic(client.client_id, client_secret) },
    body: new URLSearchParams(form),
  });
}
