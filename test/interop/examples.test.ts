import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { openDatabase } from '../../adapters/embedded/database.ts';
import { type FirstClient, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { runScript, type ScriptRun, skipWithout } from '../support/language.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');

/** By their sections in examples/README.md: what works where its language is, and what it says of a bad signature. */
const EXAMPLES = [
  { section: 'curl', probe: 'curl --version', refusal: /^$/ },
  { section: 'Node', probe: 'node --version', refusal: /signature verification failed/ },
  { section: 'Python', probe: 'python3 -m ensurepip --version', refusal: /Signature verification failed/ },
  { section: 'Go', probe: 'go version', refusal: /failed to verify signature/ },
] as const;

const ClaimsSchema = v.object({ iss: v.string(), aud: v.string(), client_id: v.string(), scope: v.string() });

/** The lines that a section of the README has its reader type. */
function commandLines(section: string): string {
  const [, lines = ''] = new RegExp(`^## ${section}$.*?^\`\`\`sh\n(.*?)^\`\`\`$`, 'ms').exec(README) ?? [];
  assert.notEqual(lines, '', `examples/README.md has no command for ${section}`);
  return lines;
}

function run(section: string, issuer: string, client: FirstClient): Promise<ScriptRun> {
  const { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, resource: RESOURCE } = client;
  const environment = { SIGNET_ISSUER: issuer, CLIENT_ID, CLIENT_SECRET, RESOURCE };
  return runScript(commandLines(section), { cwd: ROOT, environment });
}

/** Has an embedded issuer sign by another key than the one it publishes. */
function replacePrivateKey(folder: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const database = openDatabase(folder);
  database
    .prepare('UPDATE private_key SET pkcs8 = ?')
    .run(privateKey.export({ format: 'der', type: 'pkcs8' }));
  database.close();
}

for (const { section, probe, refusal } of EXAMPLES) {
  const skip = skipWithout(probe);

  test(`the ${section} example gets a token and verifies it`, { skip }, async (t) => {
    const { issuer, client, stop } = await startEmbeddedIssuer();
    t.after(stop);
    assert(client);
    const { exitCode, stdout, stderr } = await run(section, issuer, client);
    assert.equal(exitCode, 0, stderr);
    const { client_id, resource, scope } = client;
    const claims = v.parse(ClaimsSchema, JSON.parse(stdout));
    assert.deepEqual(claims, { iss: issuer, aud: resource, client_id, scope });
  });

  test(`the ${section} example fails on a token that no published key signed`, { skip }, async (t) => {
    const { issuer, folder, client, stop } = await startEmbeddedIssuer();
    t.after(stop);
    assert(client);
    replacePrivateKey(folder);
    const { exitCode, stdout, stderr } = await run(section, issuer, client);
    assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' });
    assert.match(stderr, refusal);
  });
}

/** The names of all checks in the Postman collection, one for each request. */
function postmanChecks(): string[] {
  const collection = readFileSync(join(ROOT, 'examples/postman/signet.postman_collection.json'), 'utf8');
  return [...collection.matchAll(/pm\.test\('([^']+)'/g)].map(([, name = '']) => name);
}

test('the Postman collection finds that every endpoint answers as it should', async (t) => {
  const { issuer, client, stop } = await startEmbeddedIssuer();
  t.after(stop);
  assert(client);
  const { exitCode, stdout } = await run('Postman', issuer, client);
  assert.equal(exitCode, 0, stdout);
  const passed = [...stdout.matchAll(/^ +✓ +(.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(passed, postmanChecks());
});

test('the Postman collection finds a token inactive that no published key signed', async (t) => {
  const { issuer, folder, client, stop } = await startEmbeddedIssuer();
  t.after(stop);
  assert(client);
  replacePrivateKey(folder);
  const { exitCode, stdout } = await run('Postman', issuer, client);
  assert.equal(exitCode, 1);
  assert.match(stdout, /^ +1\. +tells the claims of an active token/m);
});
