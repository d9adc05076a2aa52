import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { withDpopNonces } from '../../../core/dpop/dpop-nonces.ts';
import { introspect } from '../../../core/introspection-endpoint.ts';
import type { Issuer } from '../../../core/issuer.ts';
import { thumbprint } from '../../../core/jose/json-web-key-thumbprint.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { updateClient } from '../../../core/management/clients.ts';
import { updateResource } from '../../../core/management/resources.ts';
import type { RequestRecord } from '../../../core/request-record.ts';
import type { ResponseHeaders } from '../../../core/response-headers.ts';
import { revoke } from '../../../core/revocation-endpoint.ts';
import { requestToken } from '../../../core/token-endpoint.ts';
import { dpopProof, jwkOf, type ProofChanges } from '../../support/dpop-proof.ts';
import { KEY, NOW, STOLEN } from '../../support/keyed-issuer.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { resourceIdentifier } from '../../support/records.ts';
import { createTestIssuer, RESOURCE, type TestIssuer } from '../../support/test-issuer.ts';

const HTU = 'https://auth.example.com/token';
const JKT = thumbprint({ kty: 'EC', crv: 'P-256', x: '', y: '', ...jwkOf(KEY.publicKey) });

let issuer: TestIssuer & Pick<Issuer, 'dpopNonces'>;
let record: RequestRecord;
let headers: ResponseHeaders;
beforeEach(async () => {
  issuer = await createTestIssuer();
  record = {};
  headers = {};
});

const proof = (changes?: ProofChanges, key = KEY) => dpopProof(key, 'ES256', HTU, issuer.time.now, changes);
const withNonce = (nonce: unknown) => proof({ claims: { nonce } });
const authorization = () => basic('backend', issuer.client_secret);
const ask = (dpop?: string, form: Readonly<Record<string, string>> = {}) =>
  requestToken(
    oauthRequest(authorization(), { grant_type: 'client_credentials', ...form }, dpop),
    issuer,
    record,
    headers,
  );
const refusedFor = (reason: string) => ({ code: 'invalid_dpop_proof', status: 400, reason });
const USE_NONCE = {
  code: 'use_dpop_nonce',
  status: 400,
  description: 'the DPoP proof has to have the nonce of the DPoP-Nonce header',
};

describe('a token request with a DPoP proof', () => {
  it('gets a token that is bound to the key (RFC 9449 §5, §6.1)', async () => {
    const { access_token, ...response } = await ask(await proof());
    assert.deepEqual(response, { token_type: 'DPoP', expires_in: 3_600, scope: 'read write' });
    assert.deepEqual(decodeJwt(access_token)?.claims['cnf'], { jkt: JKT });
    assert.deepEqual(headers, {});
  });

  it('gets a reference token that introspection tells to be bound, and revocation takes (RFC 9449 §6.2)', async () => {
    await updateResource(resourceIdentifier(RESOURCE), { access_token_format: 'reference' }, issuer);
    const { access_token: token, token_type } = await ask(await proof());
    assert.equal(token_type, 'DPoP');
    const request = oauthRequest(authorization(), { token });
    const told = await introspect(request, issuer, record);
    assert.ok(told.active);
    assert.deepEqual([told.token_type, told.cnf], ['DPoP', { jkt: JKT }]);
    await revoke(request, issuer, record);
    assert.deepEqual(await introspect(request, issuer, record), { active: false });
  });

  it('gets a bearer token without one, and nothing is remembered', async () => {
    const remember = mock.method(issuer.replays, 'remember');
    const { access_token, token_type } = await ask();
    assert.equal(token_type, 'Bearer');
    assert.equal(decodeJwt(access_token)?.claims['cnf'], undefined);
    assert.equal(remember.mock.callCount(), 0);
  });

  it('says what is wrong with the proof, and the log has a name for it (RFC 9449 §5)', async () => {
    await assert.rejects(ask(await proof({ claims: { htm: 'GET' } })), {
      ...refusedFor('proof_wrong_method'),
      description: 'the htm of the DPoP proof is not POST',
    });
    await assert.rejects(ask(''), refusedFor('proof_malformed'));
  });

  it('takes a proof once, of 25 requests at once, and remembers it for as long as it is good (RFC 9449 §11.1)', async () => {
    const remember = mock.method(issuer.replays, 'remember');
    const dpop = await proof();
    const outcomes = await Promise.allSettled(Array.from({ length: 25 }, () => ask(dpop)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    await assert.rejects(ask(dpop), refusedFor('proof_replayed'));
    assert.equal(remember.mock.calls[0]?.arguments[1], NOW + 120);
    issuer.time.now += 119;
    await assert.rejects(ask(dpop), refusedFor('proof_replayed'));
    issuer.time.now += 1;
    await assert.rejects(ask(dpop), refusedFor('proof_expired'));
  });

  it('takes the same jti of two keys: nobody uses up what is another’s', async () => {
    const claims = { jti: 'the same' };
    const answers = [await ask(await proof({ claims }, STOLEN)), await ask(await proof({ claims }))];
    assert.deepEqual(
      answers.map(({ token_type }) => token_type),
      ['DPoP', 'DPoP'],
    );
  });

  it('does not use up the proof of a request that is refused for something else', async () => {
    const dpop = await proof();
    await assert.rejects(ask(dpop, { scope: 'admin' }), { code: 'invalid_scope' });
    await assert.rejects(ask(dpop, { resource: 'https://a.example.com' }), { code: 'invalid_target' });
    const unknown = oauthRequest(basic('nobody', 'wrong'), { grant_type: 'client_credentials' }, dpop);
    await assert.rejects(requestToken(unknown, issuer, record), { code: 'invalid_client' });
    assert.equal((await ask(dpop)).token_type, 'DPoP');
  });

  it('has no use for a nonce that nobody asked for', async () => {
    assert.equal((await ask(await withNonce('a'))).token_type, 'DPoP');
  });
});

describe('a client whose tokens are all to be bound', () => {
  beforeEach(async () => {
    await updateClient(issuer.client.client_id, { dpop_bound_access_tokens: true }, issuer);
  });

  it('gets none without a proof (RFC 9449 §5.2)', async () => {
    await assert.rejects(ask(), {
      ...refusedFor('proof_missing'),
      description: 'the client has its tokens bound to a key: send a DPoP header with a proof of it',
    });
    assert.equal((await ask(await proof())).token_type, 'DPoP');
  });

  it('may have bearer tokens again when it is told so', async () => {
    await updateClient(issuer.client.client_id, { dpop_bound_access_tokens: null }, issuer);
    assert.equal((await ask()).token_type, 'Bearer');
  });
});

describe('an issuer that wants nonces', () => {
  beforeEach(() => {
    issuer = withDpopNonces(issuer, true);
  });

  it('refuses a proof without one, says which to have, and takes that (RFC 9449 §8)', async () => {
    await assert.rejects(ask(await proof()), USE_NONCE);
    const nonce = headers['DPoP-Nonce'];
    assert.ok(nonce);
    headers = {};
    assert.equal((await ask(await withNonce(nonce))).token_type, 'DPoP');
    assert.deepEqual(headers, {});
  });

  it('tells the next nonce with the token while the one before it is still good (RFC 9449 §8.2)', async () => {
    const nonce = await issuer.dpopNonces?.current();
    issuer.time.now += 60;
    assert.equal((await ask(await withNonce(nonce))).token_type, 'DPoP');
    assert.equal(headers['DPoP-Nonce'], await issuer.dpopNonces?.current());
    issuer.time.now += 240;
    await assert.rejects(ask(await withNonce(nonce)), USE_NONCE);
    assert.equal(headers['DPoP-Nonce'], await issuer.dpopNonces?.current());
  });

  for (const nonce of ['invented', '', null, 1, { toString: 1 }, ['30000000.AAAA']]) {
    it(`refuses the nonce ${JSON.stringify(nonce)} as none`, async () => {
      await assert.rejects(ask(await withNonce(nonce)), USE_NONCE);
    });
  }

  it('does not use up a proof by asking for a nonce', async () => {
    const remember = mock.method(issuer.replays, 'remember');
    await assert.rejects(ask(await proof()), USE_NONCE);
    assert.equal(remember.mock.callCount(), 0);
  });

  it('says first what is wrong with the proof otherwise, and takes a nonce for no second time', async () => {
    await assert.rejects(
      ask(await proof({ claims: { htu: 'https://a.example.com' } })),
      refusedFor('proof_wrong_uri'),
    );
    assert.deepEqual(headers, {});
    const dpop = await withNonce(await issuer.dpopNonces?.current());
    await ask(dpop);
    await assert.rejects(ask(dpop), refusedFor('proof_replayed'));
  });

  it('wants none where there is no proof', async () => {
    assert.equal((await ask()).token_type, 'Bearer');
    assert.deepEqual(headers, {});
  });
});
