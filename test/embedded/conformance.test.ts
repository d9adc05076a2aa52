import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { type EmbeddedStore, openExistingStore } from '../../adapters/embedded/store.ts';
import { describeConformance } from '../conformance/conformance.ts';
import { describeDpopNonces } from '../conformance/dpop.ts';
import { describeMetadata } from '../conformance/metadata.ts';
import { describeMutualTls } from '../conformance/mutual-tls.ts';
import { describeSignedIntrospection } from '../conformance/signed-introspection.ts';
import { EMBEDDED_ALGS } from '../conformance/target.ts';
import { Wire } from '../conformance/wire.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { freePort } from '../support/free-port.ts';
import { signetJson } from '../support/signet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { clientTls, type TlsFiles, writeTlsFiles } from '../support/tls-issuer.ts';

/** All that can be turned on. */
const EVERYTHING = ['--algs', EMBEDDED_ALGS.join(','), '--registration', '--client-secret-jwt'];

describe('conformance', () => {
  let embedded: EmbeddedIssuer;
  let store: EmbeddedStore;

  before(async () => {
    embedded = await startEmbeddedIssuer({ args: EVERYTHING });
    store = openExistingStore(embedded.folder);
  });

  after(async () => {
    store?.close();
    await embedded?.stop();
  });

  describeConformance('of the embedded issuer', 'embedded', () => ({
    ...store,
    algs: EMBEDDED_ALGS,
    issuer: embedded.issuer,
    signet: (args, stdin) => signetJson([...args, '--data', embedded.folder], {}, stdin),
    log: () => embedded.log(),
  }));
});

// Embedded only: to have a path, a deployed issuer needs a domain of its own.
describe('conformance of an embedded issuer with a path', () => {
  const wire = new Wire();
  let embedded: EmbeddedIssuer;

  before(async () => {
    const port = String(await freePort());
    const issuer = `http://127.0.0.1:${port}/tenants/one`;
    embedded = await startEmbeddedIssuer({ args: [...EVERYTHING, '--port', port, '--issuer', issuer] });
  });

  after(() => embedded?.stop());

  describeMetadata(() => ({ wire, issuer: embedded.issuer }), 'embedded');

  it('has its endpoints behind the path and nowhere else (RFC 8414 §2)', async () => {
    const [path, root] = [embedded.issuer, new URL(embedded.issuer).origin];
    for (const endpoint of ['/token', '/introspect', '/revoke', '/register', '/.well-known/jwks.json']) {
      assert.notEqual((await wire.send(path + endpoint)).status, 404, endpoint);
      assert.equal((await wire.send(root + endpoint)).status, 404, endpoint);
    }
  });

  it('issues tokens whose iss has the path (RFC 9068 §2.2)', async () => {
    const { client_id = '', client_secret = '' } = embedded.client ?? {};
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const { text } = await wire.send(`${embedded.issuer}/token`, {
      method: 'POST',
      headers,
      body: `${form}`,
    });
    assert.equal(decodeJwt(Object(JSON.parse(text)).access_token).iss, embedded.issuer);
  });
});

describe('conformance of an embedded issuer that wants DPoP nonces', () => {
  const wire = new Wire();
  let embedded: EmbeddedIssuer;

  before(async () => {
    embedded = await startEmbeddedIssuer({ args: ['--dpop-nonces'] });
  });

  after(() => embedded?.stop());

  describeDpopNonces(() => {
    const { issuer, client } = embedded;
    assert.ok(client);
    return { wire, issuer, client };
  });
});

// Deployed, the emulator asks for no certificates: test/functions has the same tests by the events of API Gateway.
describe('conformance of an embedded issuer that asks for certificates', () => {
  const wire = new Wire();
  const pathOf = temporaryFolder();
  let files: TlsFiles;
  let embedded: EmbeddedIssuer;

  before(async () => {
    files = await writeTlsFiles(pathOf());
    embedded = await startEmbeddedIssuer({ args: files.mutualArgs });
  });

  after(() => embedded?.stop());

  describeMutualTls(
    () => ({
      ...files,
      issuer: embedded.issuer,
      mutualTlsUrl: embedded.issuer,
      signet: (args) => signetJson([...args, '--data', embedded.folder]),
      get: (path) => wire.send(embedded.issuer + path, { tls: clientTls(files.certificates) }),
      post: (path, form, headers, certificate) =>
        wire.send(embedded.issuer + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
          body: new URLSearchParams(form).toString(),
          tls: clientTls(files.certificates, certificate),
        }),
    }),
    true,
  );
});

describe('conformance of an embedded issuer that signs introspection responses', () => {
  const wire = new Wire();
  let embedded: EmbeddedIssuer;

  before(async () => {
    embedded = await startEmbeddedIssuer({ args: ['--algs', 'RS256,ES256', '--signed-introspection'] });
  });

  after(() => embedded?.stop());

  describeSignedIntrospection(() => ({
    wire,
    issuer: embedded.issuer,
    algs: ['RS256', 'ES256'],
    signet: (args) => signetJson([...args, '--data', embedded.folder]),
  }));
});
