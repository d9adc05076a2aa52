import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as v from 'valibot';
import { requestAccessToken } from '../support/connect-issuer.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { type Credentials, postForm, requestIntrospection } from '../support/form-request.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ISSUER = 'http://issuer.example';

describe('issuers that start together on one new folder', () => {
  const pathOf = temporaryFolder();
  let issuers: readonly EmbeddedIssuer[];
  before(async () => {
    const args = ['--issuer', ISSUER];
    const starting = await Promise.allSettled(
      [1, 2, 3].map(() => startEmbeddedIssuer({ folder: pathOf('new'), args })),
    );
    issuers = starting.flatMap((start) => (start.status === 'fulfilled' ? start.value : []));
  });
  after(() => Promise.all(issuers.map((embedded) => embedded.end())));

  it('share one store: one made the client, all know it and what the others issue', async () => {
    assert.equal(issuers.length, 3);
    const [client, ...others] = issuers.flatMap((embedded) => embedded.client ?? []);
    assert.ok(client);
    assert.deepEqual(others, []);
    for (const { url } of issuers) {
      const access_token = await requestAccessToken({ issuer: url, ...client });
      for (const other of issuers)
        assert.equal((await requestIntrospection(other.url, client, access_token)).active, true);
    }
  });
});

describe('the command beside a running issuer', () => {
  let embedded: EmbeddedIssuer;
  let client: Credentials;
  before(async () => {
    embedded = await startEmbeddedIssuer();
    assert.ok(embedded.client);
    client = embedded.client;
  });
  after(() => embedded?.stop());

  /** In a process of its own, as an operator runs it: when that has ended, the issuer knows what it wrote. */
  const signet = (...args: readonly string[]) => signetJson([...args, '--data', embedded.folder]);

  const assertRefused = async (credentials: Credentials, status = 401, error = 'invalid_client') => {
    const response = await postForm(`${embedded.url}/token`, credentials, {
      grant_type: 'client_credentials',
    });
    assert.equal(response.status, status);
    assert.equal(v.parse(v.looseObject({ error: v.string() }), await response.json()).error, error);
  };

  it('stops a client at once: no more tokens, and those it has are inactive', async () => {
    const api = v.parse(Secret, await signet('clients', 'create', 'api'));
    const access_token = await requestAccessToken({ issuer: embedded.url, ...client });
    await signet('resources', 'update', 'https://api.example.com', '--introspected-by', 'api');
    await signet('clients', 'disable', client.client_id);
    await assertRefused(client);
    assert.deepEqual(await requestIntrospection(embedded.url, api, access_token), { active: false });

    await signet('clients', 'enable', client.client_id);
    await requestAccessToken({ issuer: embedded.url, ...client });
    assert.equal((await requestIntrospection(embedded.url, api, access_token)).active, true);
  });

  it('stops a resource at once', async () => {
    await signet('resources', 'disable', 'https://api.example.com');
    await assertRefused(client, 400, 'invalid_target');
    await signet('resources', 'enable', 'https://api.example.com');
    await requestAccessToken({ issuer: embedded.url, ...client });
  });

  it('changes secrets over without a gap', async () => {
    const created = v.parse(
      Secret,
      await signet('clients', 'create', 'shop', '--resource', 'https://api.example.com read'),
    );
    const [first] = v.parse(
      v.array(v.looseObject({ secret_id: v.string() })),
      await signet('clients', 'secrets', 'list', 'shop'),
    );
    const added = v.parse(Secret, await signet('clients', 'secrets', 'add', 'shop'));
    for (const credentials of [created, added])
      await requestAccessToken({ issuer: embedded.url, ...credentials });
    await signet('clients', 'secrets', 'revoke', 'shop', first?.secret_id ?? '');
    await assertRefused(created);
    await requestAccessToken({ issuer: embedded.url, ...added });
    await signet('clients', 'delete', 'shop');
    await assertRefused(added);
  });
});

const Secret = v.looseObject({ client_id: v.string(), client_secret: v.string() });
