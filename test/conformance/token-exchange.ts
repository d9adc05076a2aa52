import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { assertAnswer, assertInactive, assertToken, UNCACHED } from './answers.ts';
import { ACCESS_TOKEN, exchangeOf, JWT } from './exchanged.ts';
import { ORDERS_SCOPE } from './registrations.ts';
import type { Suite } from './suite.ts';
import type { Answer } from './wire.ts';

/** Token exchange (RFC 8693): what `exchanger` and `impersonator` get for tokens for `orders` and `ledger`. */
export function describeTokenExchange(suite: () => Suite): void {
  const { subjectToken, exchange } = exchangeOf(suite);
  const introspect = (token: string, caller: 'introspector' | 'mailIntrospector' = 'introspector') =>
    suite().postAs(suite().clients[caller], 'introspection_endpoint', { token });
  /** Asserts a whole answer of token exchange (RFC 8693 §2.2.1) and tells its token. */
  const assertExchanged = (answer: Answer, scope: string, issued_token_type = ACCESS_TOKEN) => {
    const { access_token, expires_in } = Object(JSON.parse(answer.text));
    const body = { access_token, issued_token_type, token_type: 'Bearer', expires_in, scope };
    assertAnswer(answer, { status: 200, headers: UNCACHED, body });
    assert.ok(Number.isInteger(expires_in) && expires_in > 0 && expires_in <= 300, String(expires_in));
    return String(access_token);
  };

  describe('token exchange', () => {
    it('answers access_token, issued_token_type, token_type, expires_in and scope, in JSON that no cache keeps (RFC 8693 §2.2.1)', async () => {
      assertExchanged(await exchange(await subjectToken()), 'orders:read returns:read');
    });

    it('keeps the subject, and names the client and who acts (RFC 8693 §4.1, §4.3)', async () => {
      const { clients, resources, issuer } = suite();
      const answer = await exchange(await subjectToken(), { scope: 'returns:read' });
      const { iat, exp, jti, ...claims } = decodeJwt(assertExchanged(answer, 'returns:read'));
      assert.deepEqual(claims, {
        iss: issuer,
        aud: resources.returns,
        sub: clients.shop.client_id,
        act: { sub: clients.exchanger.client_id },
        client_id: clients.exchanger.client_id,
        scope: 'returns:read',
      });
    });

    it('says nothing of the claims, roles and groups of the subject (RFC 8693 §6)', async () => {
      const subject = await subjectToken(suite().clients.serviceAccount);
      const token = assertExchanged(await exchange(subject), 'orders:read returns:read');
      assert.deepEqual(Object.keys(decodeJwt(token)).sort(), [
        ...['act', 'aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub'],
      ]);
    });

    it('nests those who acted before, the latest outermost (RFC 8693 §4.1)', async () => {
      const { clients, resources } = suite();
      const { access_token } = Object(
        JSON.parse((await exchange(await subjectToken(), { resource: resources.orders })).text),
      );
      const token = assertExchanged(await exchange(access_token), 'orders:read returns:read');
      const { sub, act } = decodeJwt(token);
      const { client_id } = clients.exchanger;
      assert.deepEqual([sub, act], [clients.shop.client_id, { sub: client_id, act: { sub: client_id } }]);
    });

    it('gives for the same resource no scope that the subject token has not (RFC 8693 §5)', async () => {
      const { resources, clients, requestToken } = suite();
      const { orders: resource } = resources;
      const subject = await requestToken(clients.shop, { resource, scope: 'orders:read' });
      const token = assertToken(subject, { scope: 'orders:read' });
      const { scope } = Object(JSON.parse((await exchange(token, { resource })).text));
      assert.equal(scope, 'orders:read');
    });

    it('gives for the same resource all scope of the subject token that the client may have there (RFC 8693 §2.1)', async () => {
      const { orders: resource } = suite().resources;
      const { scope } = Object(JSON.parse((await exchange(await subjectToken(), { resource })).text));
      assert.equal(scope, ORDERS_SCOPE);
    });

    it('gives a token that ends with the subject token, and no later (RFC 8693 §5)', async () => {
      const { clients, resources, requestToken } = suite();
      const subject = assertToken(await requestToken(clients.ledger), {
        scope: 'ledger:read',
        expires_in: 300,
      });
      const body = Object(JSON.parse((await introspect(subject)).text));
      const token = assertExchanged(await exchange(subject, { resource: resources.orders }), ORDERS_SCOPE);
      assert.equal(decodeJwt(token).exp, body.exp);
    });

    it('names the resource by audience as well (RFC 8693 §2.1)', async () => {
      const { returns: audience } = suite().resources;
      const answer = await exchange(await subjectToken(), { resource: '', audience });
      assert.equal(decodeJwt(assertExchanged(answer, 'orders:read returns:read')).aud, audience);
    });

    it('takes JWTs by the type of JWTs, and gives one when one is asked for (RFC 8693 §3)', async () => {
      const types = { subject_token_type: JWT, requested_token_type: JWT };
      const answer = await exchange(await subjectToken(), types);
      assertExchanged(answer, 'orders:read returns:read', JWT);
    });

    it('takes and gives reference tokens, where the resource has these (RFC 8693 §3)', async () => {
      const { clients, resources, requestToken } = suite();
      const subject = assertToken(await requestToken(clients.ledger), {
        scope: 'ledger:read',
        expires_in: 300,
      });
      const answer = await exchange(subject, { resource: resources.ledger });
      const token = assertExchanged(answer, 'ledger:read');
      const { active, sub, act } = Object(JSON.parse((await introspect(token)).text));
      const acting = { sub: clients.exchanger.client_id };
      assert.deepEqual([active, sub, act], [true, clients.ledger.client_id, acting]);
    });

    it('lets the one act whom may_act names, and says both to introspection (RFC 8693 §4.1, §4.4)', async () => {
      const { delegator, exchanger } = suite().clients;
      const answer = await exchange(await subjectToken(delegator));
      const token = assertExchanged(answer, 'orders:read returns:read');
      const claims = decodeJwt(token);
      const named = { sub: exchanger.client_id };
      assert.deepEqual([claims['act'], claims['may_act']], [named, named]);
      const body = { active: true, token_type: 'Bearer', ...claims };
      assertAnswer(await introspect(token, 'mailIntrospector'), { status: 200, headers: UNCACHED, body });
    });

    it('takes an actor_token of the client itself (RFC 8693 §2.1)', async () => {
      const { clients, requestToken } = suite();
      const own = await requestToken(clients.exchanger);
      const actor_token = assertToken(own, { scope: 'invoices:read', expires_in: 600 });
      const answer = await exchange(await subjectToken(), { actor_token, actor_token_type: ACCESS_TOKEN });
      const { act } = decodeJwt(assertExchanged(answer, 'orders:read returns:read'));
      assert.deepEqual(act, { sub: clients.exchanger.client_id });
    });

    it('leaves act out for a client that may impersonate, and names it as client (RFC 8693 §1.1, §4.3)', async () => {
      const { shop, impersonator } = suite().clients;
      const answer = await exchange(await subjectToken(), {}, impersonator);
      const { sub, client_id, act } = decodeJwt(assertExchanged(answer, 'orders:read returns:read'));
      assert.deepEqual([sub, client_id, act], [shop.client_id, impersonator.client_id, undefined]);
    });

    it('leaves the subject token good, and the token that it gave when that one is revoked (RFC 8693 §2.1)', async () => {
      const { clients, postAs } = suite();
      const subject = await subjectToken();
      const token = assertExchanged(await exchange(subject), 'orders:read returns:read');
      assert.equal(Object(JSON.parse((await introspect(subject)).text)).active, true);
      await postAs(clients.shop, 'revocation_endpoint', { token: subject });
      assertInactive(await introspect(subject));
      assert.equal(Object(JSON.parse((await introspect(token, 'mailIntrospector')).text)).active, true);
    });

    it('gives a token that is the client’s to revoke (RFC 7009 §2.1)', async () => {
      const { clients, postAs } = suite();
      const token = assertExchanged(await exchange(await subjectToken()), 'orders:read returns:read');
      const revoked = await postAs(clients.exchanger, 'revocation_endpoint', { token });
      assertAnswer(revoked, { status: 200, headers: UNCACHED });
      assertInactive(await introspect(token, 'mailIntrospector'));
    });
  });
}
