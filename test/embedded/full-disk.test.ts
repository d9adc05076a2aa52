import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { requestAccessToken } from '../support/connect-issuer.ts';
import { type EmbeddedIssuer, type FirstClient, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { eventually } from '../support/eventually.ts';
import { postForm, requestIntrospection } from '../support/form-request.ts';
import { assertIntact } from '../support/intact-store.ts';
import { signetOnStore } from '../support/signet-in-process.ts';

const run = promisify(execFile);

const REFERENCE_RESOURCE = 'https://reference.example.com';
const REQUESTS = 20;

/** The first pages of a write still find room, its last ones do not. */
const ROOM_BYTES = 5_000;

describe('an embedded issuer whose disk gets full', () => {
  let embedded: EmbeddedIssuer;
  let client: FirstClient;
  let known: string;
  before(async () => {
    embedded = await startEmbeddedIssuer();
    assert.ok(embedded.client);
    client = embedded.client;
    const { client_id, resource } = client;
    const signet = signetOnStore(embedded.folder);
    const options = ['--token-format', 'reference', '--introspected-by', client_id];
    await signet.json('resources', 'create', REFERENCE_RESOURCE, ...options);
    const access = ['--resource', `${resource} read`, '--resource', REFERENCE_RESOURCE];
    await signet.json('clients', 'update', client_id, ...access, '--default-resource', resource);
    known = await requestAccessToken({ issuer: embedded.url, ...client }, { resource: REFERENCE_RESOURCE });
  });
  after(() => embedded?.stop());

  const isActive = async (token: string) => (await requestIntrospection(embedded.url, client, token)).active;
  const requestReferenceToken = () =>
    postForm(`${embedded.url}/token`, client, {
      grant_type: 'client_credentials',
      resource: REFERENCE_RESOURCE,
    });
  const revoke = (token: string) => postForm(`${embedded.url}/revoke`, client, { token });

  /** The kernel takes nothing of this process in a file beyond this size, as it takes nothing on a full disk. */
  const limitFiles = (size: number | 'unlimited') =>
    run('prlimit', ['--pid', String(embedded.process.pid), `--fsize=${size}:`]);

  it('answers 503 to what has to be written, and everything else as before', async () => {
    await limitFiles(statSync(join(embedded.folder, 'signet.sqlite-wal')).size + ROOM_BYTES);
    const refused = await Promise.all(
      Array.from({ length: REQUESTS }, () => [requestReferenceToken(), revoke(known)]).flat(),
    );
    for (const response of refused) {
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('Retry-After'), '2');
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      assert.deepEqual(await response.json(), {
        error: 'temporarily_unavailable',
        error_description: 'the issuer cannot answer just now: try again',
      });
    }
    assert.equal(await isActive(known), true);
    assert.equal(await isActive(await requestAccessToken({ issuer: embedded.url, ...client })), true);
  });

  it('says in its log what to see to', () =>
    eventually(async () => {
      const lines = embedded.log().trimEnd().split('\n');
      const faults = lines.flatMap((line) => JSON.parse(line).fault ?? []);
      const sentence = `the disk that ${embedded.folder} is on fails: see to it that it is not full, and not broken`;
      assert.deepEqual(faults, Array(2 * REQUESTS).fill(`StoreFailure: ${sentence}`));
    }));

  it('goes on when there is room again, with nothing half written', async () => {
    await limitFiles('unlimited');
    const token = await requestAccessToken(
      { issuer: embedded.url, ...client },
      { resource: REFERENCE_RESOURCE },
    );
    assert.equal(await isActive(token), true);
    assert.equal((await revoke(known)).status, 200);
    assert.equal(await isActive(known), false);
    assertIntact(embedded.folder);
    const database = new DatabaseSync(join(embedded.folder, 'signet.sqlite'), { readOnly: true });
    assert.deepEqual(
      { ...database.prepare('SELECT count(*) AS tokens FROM reference_token').get() },
      { tokens: 2 },
    );
    database.close();
  });
});
