import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from '../../core/jose/jwt.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { eventually } from '../support/eventually.ts';
import { basic } from '../support/oauth-request.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/token-hook/hook.ts');
const pathOf = temporaryFolder();

/** Asks for a token as a client, over HTTP. */
async function ask(
  { url }: EmbeddedIssuer,
  { client_id, client_secret }: { readonly client_id: string; readonly client_secret: string },
  form: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { Authorization: basic(client_id, client_secret) },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  });
  const { status, headers } = response;
  return { status, retryAfter: headers.get('Retry-After'), body: Object(await response.json()) };
}

/** Checks what the last line of the log says, which may come a moment after the answer. */
function logs({ log }: EmbeddedIssuer, expected: object): Promise<void> {
  return eventually(async () => {
    const line = Object(JSON.parse(log().trimEnd().split('\n').at(-1) ?? ''));
    assert.deepEqual({ ...line, ...expected }, line);
  });
}

describe('signet serve --hook, with the example', () => {
  let issuer: EmbeddedIssuer;
  let backend: { readonly client_id: string; readonly client_secret: string };
  before(async () => {
    issuer = await startEmbeddedIssuer({ args: ['--hook', EXAMPLE] });
    const access = ['--resource', 'https://api.example.com read write', '--data', issuer.folder];
    backend = Object(await signetJson(['clients', 'create', 'backend', ...access]));
  });
  after(() => issuer?.stop());

  it('adds the tenant to the tokens of a client that has one, and logs that', async () => {
    const { status, body } = await ask(issuer, backend);
    assert.equal(status, 200);
    assert.equal(decodeJwt(body.access_token)?.claims['tenant'], 'acme');
    await logs(issuer, { status: 200, hook: 'claims_added' });
  });

  it('refuses any other client to write, in its own words, and lets it read', async () => {
    assert.ok(issuer.client);
    assert.deepEqual(await ask(issuer, issuer.client), {
      status: 400,
      retryAfter: null,
      body: { error: 'invalid_scope', error_description: 'clients without a tenant may only read' },
    });
    await logs(issuer, { hook: 'refused', reason: 'hook_refused', error: 'invalid_scope' });
    const { status, body } = await ask(issuer, issuer.client, { scope: 'read' });
    assert.deepEqual([status, decodeJwt(body.access_token)?.claims['tenant']], [200, undefined]);
    await logs(issuer, { status: 200, hook: 'allowed' });
  });
});

describe('signet serve --hook, with a hook that does what it should not', () => {
  let issuer: EmbeddedIssuer;
  before(async () => {
    const hook = pathOf('hook.mjs');
    await writeFile(
      hook,
      `export default ({ scope }) => {
        if (scope === 'read') throw new Error('no database');
        return { claims: { sub: 'root' } };
      };`,
    );
    issuer = await startEmbeddedIssuer({ args: ['--hook', hook] });
  });
  after(() => issuer?.stop());

  it('answers 503 with Retry-After when it throws, and the log has what', async () => {
    assert.ok(issuer.client);
    assert.deepEqual(await ask(issuer, issuer.client, { scope: 'read' }), {
      status: 503,
      retryAfter: '2',
      body: {
        error: 'temporarily_unavailable',
        error_description: 'the issuer cannot answer just now: try again',
      },
    });
    const fault = 'TokenHookError: the hook threw Error: no database';
    await logs(issuer, { hook: 'failed', reason: 'hook_failed', fault });
  });

  it('answers 500 when it answers a claim that is Signet’s, and the log has which', async () => {
    assert.ok(issuer.client);
    const { status, body } = await ask(issuer, issuer.client);
    assert.deepEqual([status, body.error], [500, 'server_error']);
    const fault = 'TokenHookError: the claim sub is reserved';
    await logs(issuer, { hook: 'failed', reason: 'hook_invalid_answer', fault });
  });
});

describe('signet serve refuses to start', () => {
  for (const [what, text, message] of [
    ['without the file', undefined, /hook-\d\.mjs cannot be loaded: Cannot find module/],
    ['with a file that is no module', 'export default (', /hook-\d\.mjs cannot be loaded: /],
    ['with a module that throws', 'throw new Error("no settings")', /cannot be loaded: no settings/],
    [
      'with a module that throws anything',
      'throw 1',
      /cannot be loaded: it threw something that is no Error/,
    ],
    [
      'without a default export',
      'export const handler = () => ({});',
      /has no function as its default export/,
    ],
    ['with a default export that is no function', 'export default {};', /has no function as its default/],
  ] as const) {
    it(what, async () => {
      const file = pathOf(`hook-${what.length % 10}.mjs`);
      if (text !== undefined) await writeFile(file, text);
      await assert.rejects(startEmbeddedIssuer({ args: ['--hook', file] }), message);
    });
  }
});
