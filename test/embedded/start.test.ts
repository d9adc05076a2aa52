import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { listeningUrl } from '../../cli/serve/listening-url.ts';
import { requestAccessToken } from '../support/connect-issuer.ts';
import { startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { requestIntrospection } from '../support/form-request.ts';
import { type ServeProcess, startServe } from '../support/serve-process.ts';
import { signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('signet serve', () => {
  const pathOf = temporaryFolder();

  /** Starts an issuer that ends with the test. */
  const start = async (t: TestContext, folder: string, ...args: readonly string[]) => {
    const embedded = await startEmbeddedIssuer({ folder: pathOf(folder), args });
    t.after(() => embedded.end());
    return embedded;
  };

  it('says with --json in one line where it is, and which client it made', async (t) => {
    const { issuer, url, client, end, output } = await start(t, 'json');
    await end();
    assert.match(issuer, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    assert.equal(url, issuer);
    assert.equal(output(), `${JSON.stringify({ issuer, url, client })}\n`);
    const { client_id, client_secret, ...rest } = client ?? {};
    assert.match(client_id ?? '', /^[0-9A-Za-z]{22}$/);
    assert.match(client_secret ?? '', /^signet_secret_[0-9A-Za-z]{49}$/);
    assert.deepEqual(rest, { resource: 'https://api.example.com', scope: 'read write' });
  });

  it("keeps what it has for its owner's eyes only, whatever the umask", async (t) => {
    const umask = process.umask(0);
    const starting = start(t, 'new/store');
    process.umask(umask);
    const { folder } = await starting;
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    const files = await readdir(folder);
    assert.ok(files.includes('signet.sqlite'));
    for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file);
  });

  it('makes a first client in an empty store only', async (t) => {
    const signet = signetOnNewStore(pathOf('used'));
    await signet.json('resources', 'create', 'urn:api');
    const { client, end } = await start(t, 'used');
    await end();
    assert.equal(client, undefined);
    assert.deepEqual(await signet.json('clients', 'list'), []);
  });

  it('keeps its keys and clients over a restart, and tokens stay good', async (t) => {
    const issuer = ['--issuer', 'https://auth.example.com'];
    const { url, client, end } = await start(t, 'restarted', ...issuer);
    assert.ok(client);
    const access_token = await requestAccessToken({ issuer: url, ...client });
    const keySet = await (await fetch(`${url}/.well-known/jwks.json`)).json();
    assert.equal(await end(), 0);

    const again = await start(t, 'restarted', ...issuer);
    assert.equal(again.client, undefined);
    assert.deepEqual(await (await fetch(`${again.url}/.well-known/jwks.json`)).json(), keySet);
    assert.equal((await requestIntrospection(again.url, client, access_token)).active, true);
    await requestAccessToken({ issuer: again.url, ...client });
  });

  it('answers for an issuer that is somewhere else, behind its path', async (t) => {
    const issuer = 'https://auth.example.com/tenant';
    const embedded = await start(t, 'elsewhere', '--issuer', issuer, '--algs', 'ES256,RS256');
    assert.equal(embedded.issuer, issuer);
    assert.ok(embedded.client);
    const base = `${embedded.url}/tenant`;
    const access_token = await requestAccessToken({ ...embedded.client, issuer: base });
    const keys = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`));
    const { protectedHeader } = await jwtVerify(access_token, keys, { issuer });
    assert.equal(protectedHeader.alg, 'ES256');
  });

  it('has client_secret_jwt when it is told to, and not otherwise', async (t) => {
    for (const args of [[], ['--client-secret-jwt']]) {
      const { url } = await start(t, `mac-${args.length}`, ...args);
      const metadata = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json();
      const methods = Object(metadata).token_endpoint_auth_methods_supported;
      assert.equal(methods.includes('client_secret_jwt'), args.length > 0);
    }
  });

  it('listens at the host that it is told', async (t) => {
    const { issuer, client } = await start(t, 'host', '--host', 'LOCALHOST');
    assert.match(issuer, /^http:\/\/localhost:\d+$/);
    assert.ok(client);
    await requestAccessToken({ issuer, ...client });
  });

  for (const [host, port, url] of [
    ['127.0.0.1', 8787, 'http://127.0.0.1:8787'],
    ['127.1', 8787, 'http://127.0.0.1:8787'],
    ['::1', 8787, 'http://[::1]:8787'],
    ['0.0.0.0', 8787, 'http://localhost:8787'],
    ['::', 8787, 'http://localhost:8787'],
    ['Host.Example', 8787, 'http://host.example:8787'],
    ['127.0.0.1', 80, 'http://127.0.0.1'],
  ] as const) {
    it(`writes the URL of ${host} and port ${port} as clients do`, () => {
      assert.equal(listeningUrl(host, port), url);
    });
  }
});

for (const path of ['', "/it's/$HOME;x"]) {
  describe(`what signet serve tells people, at an issuer with the path "${path}"`, () => {
    const issuer = `http://issuer.example${path}`;
    const pathOf = temporaryFolder();
    let serve: ServeProcess;
    let access_token: string;
    before(async () => {
      serve = await startServe(['--port', '0', '--data', pathOf(), '--issuer', issuer]);
    });
    after(() => serve?.end());

    const commands = () => serve.output().match(/^ {2}curl .*$/gm) ?? [];

    it('fits on a screen and says where the issuer and its data are', () => {
      const [first = '', ...others] = serve.output().trimEnd().split('\n');
      assert.match(
        first,
        /^Signet is ready at http:\/\/127\.0\.0\.1:\d+\S* as http:\/\/issuer\.example\S* and keeps its data in \//,
      );
      assert.ok(first.endsWith(` in ${pathOf()}. Ctrl-C ends it.`));
      assert.ok(others.length < 24);
    });

    it('has a curl line that returns a token as it stands', async () => {
      const { stdout } = await run('sh', ['-c', `${commands()[0]} --silent --fail`]);
      const answer = JSON.parse(stdout);
      access_token = answer.access_token;
      assert.deepEqual(answer, { access_token, token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
    });

    it('has a curl line that introspects the token', async () => {
      const line = commands()[1]?.replace('token=TOKEN', `token=${access_token}`);
      const { stdout } = await run('sh', ['-c', `${line} --silent --fail`]);
      const { active, iss } = JSON.parse(stdout);
      assert.deepEqual([active, iss], [true, issuer]);
    });

    it('has lines of code that verify the token in an API', async () => {
      const lines = serve.output().match(/^ {2}const .*$/gm) ?? [];
      assert.equal(lines.length, 2);
      // The issuer of this test is not where it says it is.
      const [, base = ''] = /ready at (\S+) as/.exec(serve.output()) ?? [];
      const code = lines
        .join('\n')
        .replace(
          JSON.stringify(`${issuer}/.well-known/jwks.json`),
          JSON.stringify(`${base}/.well-known/jwks.json`),
        );
      const module = `import { createRemoteJWKSet, jwtVerify } from 'jose';\nconst token = '${access_token}';\n${code}\nconsole.log(payload.iss)`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', module], {
        cwd: import.meta.dirname,
      });
      assert.equal(stdout, `${issuer}\n`);
    });

    it('is one line once there is a client', async () => {
      const again = await startServe(['--port', '0', '--data', pathOf()]);
      await again.end();
      assert.match(
        again.output(),
        /^Signet is ready at http:\/\/127\.0\.0\.1:\d+ and keeps its data in \/\S+\. Ctrl-C ends it\.\n$/,
      );
    });
  });
}
