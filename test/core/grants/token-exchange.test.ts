import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { isReferenceToken } from '../../../core/access-token/reference-token.ts';
import { introspect } from '../../../core/introspection-endpoint.ts';
import { decodeJwt } from '../../../core/jose/jwt.ts';
import { updateResource } from '../../../core/management/resources.ts';
import { requestToken } from '../../../core/token-endpoint.ts';
import { dpopProof } from '../../support/dpop-proof.ts';
import {
  ACCESS_TOKEN,
  BILLING,
  createExchangingIssuer,
  type ExchangingIssuer,
  FOREIGN,
  JWT,
  LEDGER,
  TOKEN_EXCHANGE,
} from '../../support/exchanging-issuer.ts';
import { KEY } from '../../support/keyed-issuer.ts';
import { basic, oauthRequest } from '../../support/oauth-request.ts';
import { resourceIdentifier } from '../../support/records.ts';
import { RESOURCE } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;

let issuer: ExchangingIssuer;
let subject: string;
beforeEach(async () => {
  issuer = await createExchangingIssuer();
  subject = await issuer.tokenOf();
});

const exchange = (form?: Readonly<Record<string, string>>, client_id?: string) =>
  issuer.exchange(subject, form, client_id);
const claimsOf = (token: string) => decodeJwt(token)?.claims ?? {};
const exchanged = async (form?: Readonly<Record<string, string>>) =>
  claimsOf((await exchange(form)).access_token);

describe('token exchange', () => {
  it('answers with a token of the same subject for the next resource, which names who acts (RFC 8693 §2.2.1, §4.1)', async () => {
    const { access_token, ...response } = await exchange();
    assert.deepEqual(response, {
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'read charge',
    });
    const { jti, ...claims } = claimsOf(access_token);
    assert.deepEqual(claims, {
      iss: 'https://auth.example.com',
      exp: NOW + 3_600,
      aud: BILLING,
      sub: 'shop',
      act: { sub: 'backend' },
      client_id: 'backend',
      iat: NOW,
      scope: 'read charge',
    });
    assert.notEqual(jti, claimsOf(subject)['jti']);
  });

  it('tells the log which token was exchanged for which', async () => {
    const { access_token } = await exchange({ scope: 'read' });
    const { grant_type, client_id, resource, scope, jti, subject_jti } = issuer.record;
    assert.deepEqual(
      { grant_type, client_id, resource, scope, jti, subject_jti },
      {
        grant_type: TOKEN_EXCHANGE,
        client_id: 'backend',
        resource: BILLING,
        scope: 'read',
        jti: claimsOf(access_token)['jti'],
        subject_jti: claimsOf(subject)['jti'],
      },
    );
  });

  it('gives at another resource what the client may have there, and no scope beyond (RFC 8693 §2.1)', async () => {
    assert.equal((await exchanged({ scope: 'charge' }))['scope'], 'charge');
    await assert.rejects(exchange({ scope: 'read admin' }), {
      code: 'invalid_scope',
      description: 'the client may not have this scope at this resource: admin',
    });
  });

  it('gives at the resource of the subject token none of the scope that it has not', async () => {
    subject = await issuer.tokenOf({ scope: 'read' });
    assert.equal((await exchanged({ resource: RESOURCE }))['scope'], 'read');
    await assert.rejects(exchange({ resource: RESOURCE, scope: 'read write' }), {
      code: 'invalid_scope',
      description: 'the client may not have this scope at this resource: write',
    });
  });

  it('gives at the resource of a subject token without scope none', async () => {
    await issuer.update('shop', {
      resources: [{ resource: RESOURCE, scope: [] }],
      default_resource: RESOURCE,
    });
    subject = await issuer.tokenOf();
    const { scope } = await exchange({ resource: RESOURCE });
    assert.equal(scope, undefined);
  });

  it('ends with the subject token, however long its own resource lets tokens live', async () => {
    issuer.time.now += 3_000;
    const { access_token, expires_in } = await exchange();
    assert.deepEqual([expires_in, claimsOf(access_token)['exp']], [600, NOW + 3_600]);
  });

  it('ends before it where the resource says so', async () => {
    await updateResource(resourceIdentifier(BILLING), { access_token_lifetime: 60 }, issuer);
    assert.equal((await exchange()).expires_in, 60);
  });

  it('takes a reference token, and makes one where the resource wants these', async () => {
    subject = await issuer.tokenOf({ resource: LEDGER });
    assert.equal((await exchanged())['sub'], 'shop');
    const { access_token, issued_token_type } = await exchange({ resource: LEDGER });
    assert.ok(isReferenceToken(access_token));
    assert.equal(issued_token_type, ACCESS_TOKEN);
    subject = access_token;
    const { act, sub } = await exchanged();
    assert.deepEqual([sub, act], ['shop', { sub: 'backend', act: { sub: 'backend' } }]);
  });

  it('takes a JWT by either of its types, and gives one by either (RFC 8693 §3)', async () => {
    for (const type of [ACCESS_TOKEN, JWT]) {
      const form = { subject_token_type: type, requested_token_type: type };
      assert.equal((await exchange(form)).issued_token_type, type);
    }
  });

  it('is for several resources as any token', async () => {
    const { aud, scope } = await exchanged({ audience: RESOURCE, scope: 'read' });
    assert.deepEqual([aud, scope], [[BILLING, RESOURCE], 'read']);
  });

  it('takes a token for several resources of which one is that of the client', async () => {
    subject = await issuer.tokenOf({ resource: FOREIGN, audience: RESOURCE });
    assert.equal((await exchanged())['sub'], 'shop');
  });

  it('nests those who acted before, and knows the subject through all (RFC 8693 §4.1)', async () => {
    await issuer.update('stranger', {
      token_exchange_subject_resources: [BILLING],
      token_exchange_resources: [{ resource: FOREIGN, scope: ['read'] }],
    });
    subject = (await exchange()).access_token;
    const { access_token } = await exchange({ resource: FOREIGN }, 'stranger');
    const { sub, client_id, act } = claimsOf(access_token);
    assert.deepEqual(
      { sub, client_id, act },
      { sub: 'shop', client_id: 'stranger', act: { sub: 'stranger', act: { sub: 'backend' } } },
    );
  });

  it('names subjects, and not the clients that have them (RFC 8693 §4.1)', async () => {
    await issuer.update('shop', { subject: 'accounts/shop' });
    await issuer.update('backend', { subject: 'services/api' });
    subject = await issuer.tokenOf();
    const { sub, act, client_id } = await exchanged();
    assert.deepEqual([sub, act, client_id], ['accounts/shop', { sub: 'services/api' }, 'backend']);
  });

  it('says nothing of the claims, roles and groups that the client, or the subject, has for itself', async () => {
    const own = { claims: { tier: 'gold' }, may_act: { sub: 'someone' } };
    await issuer.update('backend', { ...own, roles: [{ resource: BILLING, values: ['admin'] }] });
    await issuer.update('shop', { claims: { tenant: 'acme' } });
    await updateResource(resourceIdentifier(BILLING), { claims: { region: 'eu' } }, issuer);
    subject = await issuer.tokenOf();
    const names = Object.keys(await exchanged()).sort();
    const usual = ['act', 'aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'];
    assert.deepEqual(names, [...usual, 'region'].sort());
  });

  describe('with may_act (RFC 8693 §4.4)', () => {
    const restrict = async (sub: string) => {
      await issuer.update('shop', { may_act: { sub } });
      subject = await issuer.tokenOf();
      assert.deepEqual(claimsOf(subject)['may_act'], { sub });
    };

    it('lets the one act whom the subject token names, and goes on saying so', async () => {
      await restrict('backend');
      const { act, may_act } = await exchanged();
      assert.deepEqual([act, may_act], [{ sub: 'backend' }, { sub: 'backend' }]);
    });

    it('lets no other act', async () => {
      await restrict('somebody-else');
      await assert.rejects(exchange(), { reason: 'subject_token_of_another_actor' });
    });

    it('lets no other impersonate either', async () => {
      await issuer.update('backend', { token_exchange_impersonation: true });
      await restrict('somebody-else');
      await assert.rejects(exchange(), { reason: 'subject_token_of_another_actor' });
    });
  });

  describe('of a client that may impersonate (RFC 8693 §1.1)', () => {
    beforeEach(() => issuer.update('backend', { token_exchange_impersonation: true }));

    it('gives a token that does not name it as actor, but as client', async () => {
      const { sub, client_id, act } = await exchanged();
      assert.deepEqual([sub, client_id, act], ['shop', 'backend', undefined]);
    });

    it('keeps those who acted before', async () => {
      await issuer.update('backend', { token_exchange_impersonation: null });
      subject = (await exchange({ resource: RESOURCE })).access_token;
      await issuer.update('backend', { token_exchange_impersonation: true });
      assert.deepEqual((await exchanged())['act'], { sub: 'backend' });
    });

    it('names it where it says by an actor_token who it is', async () => {
      const actor_token = await issuer.tokenOf({}, 'backend');
      const { act } = await exchanged({ actor_token, actor_token_type: ACCESS_TOKEN });
      assert.deepEqual(act, { sub: 'backend' });
    });
  });

  describe('with an actor_token (RFC 8693 §2.1)', () => {
    it('takes one of the client itself, and is good for no longer than it', async () => {
      await issuer.update('backend', { access_token_lifetime: 120 });
      const actor_token = await issuer.tokenOf({}, 'backend');
      await issuer.update('backend', { access_token_lifetime: null });
      const { exp, act } = await exchanged({ actor_token, actor_token_type: JWT });
      assert.deepEqual([exp, act], [NOW + 120, { sub: 'backend' }]);
    });
  });

  it('is told by introspection with who acts and who may (RFC 8693 §4.1, §4.4)', async () => {
    await issuer.update('shop', { may_act: { sub: 'backend' } });
    await updateResource(resourceIdentifier(BILLING), { introspection_client_ids: ['backend'] }, issuer);
    subject = await issuer.tokenOf();
    const { access_token: token } = await exchange();
    const request = oauthRequest(basic('backend', issuer.client_secret), { token });
    const claims = claimsOf(token);
    assert.deepEqual(await introspect(request, issuer, {}), {
      active: true,
      token_type: 'Bearer',
      ...claims,
    });
    assert.deepEqual([claims['act'], claims['may_act']], [{ sub: 'backend' }, { sub: 'backend' }]);
  });

  describe('with a DPoP proof (RFC 9449 §5)', () => {
    const ask = async (form: Readonly<Record<string, string>>) => {
      const dpop = await dpopProof(KEY, 'ES256', 'https://auth.example.com/token', NOW);
      const request = oauthRequest(basic('backend', issuer.client_secret), form, dpop);
      return requestToken(request, issuer, {});
    };
    const exchangeOf = (subject_token: string) =>
      ask({
        grant_type: TOKEN_EXCHANGE,
        subject_token,
        subject_token_type: ACCESS_TOKEN,
        resource: BILLING,
      });

    it('gives a token that is bound to the key of the client', async () => {
      const { access_token, token_type } = await exchangeOf(subject);
      const { sub, cnf } = claimsOf(access_token);
      assert.deepEqual([token_type, sub, Object.keys(Object(cnf))], ['DPoP', 'shop', ['jkt']]);
    });

    it('takes no token that is bound, to this key or to another', async () => {
      const { access_token } = await ask({ grant_type: 'client_credentials' });
      await assert.rejects(exchangeOf(access_token), { reason: 'subject_token_bound' });
    });
  });

  it('gives no token that would be over before it is there', async () => {
    const { isRevoked } = issuer.tokens;
    mock.method(issuer.tokens, 'isRevoked', (jti: string) => {
      issuer.time.now += 3_600;
      return isRevoked(jti);
    });
    await assert.rejects(exchange(), { reason: 'subject_token_expired' });
  });
});
