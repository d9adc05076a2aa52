import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as v from 'valibot';
import { openEmbeddedStore } from '../../adapters/embedded/store.ts';
import { referenceTokenJti } from '../../core/access-token/reference-token.ts';
import { type EmbeddedIssuer, type FirstClient, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { postForm } from '../support/form-request.ts';
import { assertIntact } from '../support/intact-store.ts';
import { signetOnStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WRITES = 10_000;
const WRITES_BETWEEN_KILLS = 1_250;
const CALLERS = 16;

const TokenResponse = v.object({ access_token: v.string() });

/** Where an issuer runs, or will again soon. */
interface Place {
  issuer: Promise<EmbeddedIssuer>;
}

describe('two issuers on one folder, killed (kill -9) in turn while they write', () => {
  const pathOf = temporaryFolder();
  const start = () =>
    startEmbeddedIssuer({ folder: pathOf('store'), args: ['--issuer', 'http://issuer.example'] });
  const places: Place[] = [];
  let client: FirstClient;
  before(async () => {
    const first = await start();
    places.push({ issuer: Promise.resolve(first) }, { issuer: start() });
    assert.ok(first.client);
    client = first.client;
    const format = ['--token-format', 'reference'];
    await signetOnStore(first.folder).json('resources', 'update', client.resource, ...format);
  });
  const end = () => Promise.all(places.map(async ({ issuer }) => (await issuer).end('SIGKILL')));
  after(end);

  let acknowledged = 0;
  /** The tokens that were issued: whether each was revoked; undefined where an issuer was killed before it could say. */
  const tokens = new Map<string, boolean | undefined>();

  const killNext = () => {
    const place = places[(acknowledged / WRITES_BETWEEN_KILLS) % places.length];
    assert.ok(place);
    place.issuer = place.issuer.then(async (issuer) => {
      await issuer.end('SIGKILL');
      return start();
    });
  };

  /** What an issuer answers to what it has to write; undefined when it was killed meanwhile. Nothing else may fail. */
  const write = async (place: Place, path: string, parameters: Readonly<Record<string, string>>) => {
    const { issuer } = place;
    try {
      const response = await postForm((await issuer).url + path, client, parameters);
      const body = await response.text();
      assert.equal(response.status, 200, body);
      acknowledged += 1;
      if (acknowledged % WRITES_BETWEEN_KILLS === 0) killNext();
      return body;
    } catch (error) {
      if (error instanceof TypeError && place.issuer !== issuer) return undefined;
      throw error;
    }
  };

  /** Has tokens issued, and every other one revoked elsewhere. */
  const call = async ([issuing, revoking]: readonly [Place, Place]) => {
    while (acknowledged < WRITES) {
      const body = await write(issuing, '/token', { grant_type: 'client_credentials' });
      if (body === undefined) continue;
      const { access_token: token } = v.parse(TokenResponse, JSON.parse(body));
      tokens.set(token, false);
      if (tokens.size % 2 === 0) continue;
      tokens.set(token, (await write(revoking, '/revoke', { token })) === undefined ? undefined : true);
    }
  };

  it(`keep each of the ${WRITES} tokens and revocations that they acknowledged`, async () => {
    const [one, other] = places;
    assert.ok(one && other);
    const callers = Array.from({ length: CALLERS }, (_, n) =>
      call(n % 2 === 0 ? [one, other] : [other, one]),
    );
    await Promise.all(callers);
    await end();
    assertIntact(pathOf('store'));

    const store = openEmbeddedStore(pathOf('store'));
    const lost: string[] = [];
    for (const [token, revoked] of tokens) {
      const jti = referenceTokenJti(token);
      const isKept = (await store.tokens.find(jti)) !== undefined;
      const isAsAcknowledged = revoked === undefined || (await store.tokens.isRevoked(jti)) === revoked;
      if (!isKept || !isAsAcknowledged) lost.push(token);
    }
    store.close();
    assert.deepEqual(lost, []);
  });
});
