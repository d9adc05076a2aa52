import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { makeClientKey } from '../support/client-assertion.ts';
import { dpopProof, jwkOf } from '../support/dpop-proof.ts';
import { type EmbeddedIssuer, startEmbeddedIssuer } from '../support/embedded-issuer.ts';
import { signetJson } from '../support/signet.ts';

const INSECURE = { [oauth.allowInsecureRequests]: true };
const ALGS = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const;
/** The global type of this name is that of browsers. */
type WebCryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const RESOURCE = 'https://bound.example.com';
const CLIENT: oauth.Client = { client_id: 'bound' };
const BOUND = { token_type: 'dpop', expires_in: 3600, scope: 'read' };

for (const [what, args, requests] of [
  ['no nonces', [], 1],
  ['nonces, which clients get by the first request and have in the second', ['--dpop-nonces'], 2],
] as const) {
  describe(`an issuer that wants ${what}`, () => {
    let embedded: EmbeddedIssuer;
    let client_secret: string;
    let as: oauth.AuthorizationServer;

    before(async () => {
      embedded = await startEmbeddedIssuer({ args });
      const store = ['--data', embedded.folder];
      const introspection = ['--introspected-by', CLIENT.client_id];
      await signetJson(['resources', 'create', RESOURCE, '--scopes', 'read', ...introspection, ...store]);
      const access = ['--resource', `${RESOURCE} read`, '--dpop-bound', ...store];
      const created = await signetJson(['clients', 'create', CLIENT.client_id, ...access]);
      client_secret = String(Object(created).client_secret);
      const identifier = new URL(embedded.issuer);
      const found = await oauth.discoveryRequest(identifier, { ...INSECURE, algorithm: 'oauth2' });
      as = await oauth.processDiscoveryResponse(identifier, found);
    });
    after(() => embedded?.stop());

    const boundTo = async (access_token: string, publicKey: WebCryptoKey) => {
      const jkt = await calculateJwkThumbprint(await exportJWK(publicKey));
      assert.deepEqual(decodeJwt(access_token)['cnf'], { jkt });
    };

    for (const alg of ALGS) {
      it(`gives openid-client, which tries again by itself, a token that is bound to its ${alg} key (RFC 9449 §5, §8)`, async () => {
        assert.ok(as.dpop_signing_alg_values_supported?.includes(alg));
        const authentication = client.ClientSecretBasic(client_secret);
        const config = await client.discovery(
          new URL(embedded.issuer),
          CLIENT.client_id,
          undefined,
          authentication,
          {
            algorithm: 'oauth2',
            execute: [client.allowInsecureRequests],
          },
        );
        const pair = await client.randomDPoPKeyPair(alg);
        const DPoP = client.getDPoPHandle(config, pair);
        let asked = 0;
        config[client.customFetch] = (url, request) => {
          asked += 1;
          return fetch(url, { ...request, body: request.body ?? null, signal: request.signal ?? null });
        };
        const { access_token, ...rest } = await client.clientCredentialsGrant(config, {}, { DPoP });
        assert.deepEqual(rest, BOUND);
        assert.equal(asked, requests);
        await boundTo(access_token, pair.publicKey);
        // The second token takes one request: the handle keeps the nonce.
        await client.clientCredentialsGrant(config, {}, { DPoP });
        assert.equal(asked, requests + 1);
        const { cnf, ...claims } = decodeJwt(access_token);
        const active = { active: true, token_type: 'DPoP', cnf, ...claims };
        assert.deepEqual(await client.tokenIntrospection(config, access_token), active);
        await client.tokenRevocation(config, access_token);
        assert.deepEqual(await client.tokenIntrospection(config, access_token), { active: false });
      });

      it(`gives oauth4webapi a token that is bound to its ${alg} key (RFC 9449 §5, §8)`, async () => {
        const pair = await oauth.generateKeyPair(alg);
        const options = { ...INSECURE, DPoP: oauth.DPoP(CLIENT, pair) };
        const authentication = oauth.ClientSecretPost(client_secret);
        let asked = 0;
        const ask = async () => {
          asked += 1;
          const answer = await oauth.clientCredentialsGrantRequest(as, CLIENT, authentication, {}, options);
          return oauth.processClientCredentialsResponse(as, CLIENT, answer);
        };
        // As its documentation has it: the handle has taken the nonce from the answer.
        const { access_token, ...rest } = await ask().catch((error: unknown) => {
          assert.ok(oauth.isDPoPNonceError(error));
          return ask();
        });
        assert.deepEqual(rest, BOUND);
        assert.equal(asked, requests);
        await boundTo(access_token, pair.publicKey);
      });
    }

    it('gives openid-client a token that is bound, and authenticates it by private_key_jwt in each request (RFC 9449 §8, RFC 7523 §2.2)', async () => {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      const options = ['--auth-method', 'private_key_jwt', '--jwks', '-', '--data', embedded.folder];
      const jwk = JSON.stringify(await exportJWK(publicKey));
      await signetJson(['clients', 'create', 'keyed', '--resource', RESOURCE, ...options], {}, jwk);
      const authentication = client.PrivateKeyJwt(privateKey);
      const config = await client.discovery(new URL(embedded.issuer), 'keyed', undefined, authentication, {
        algorithm: 'oauth2',
        execute: [client.allowInsecureRequests],
      });
      const pair = await client.randomDPoPKeyPair();
      const DPoP = client.getDPoPHandle(config, pair);
      const { access_token } = await client.clientCredentialsGrant(config, {}, { DPoP });
      await boundTo(access_token, pair.publicKey);
    });

    it('gives tokens that oauth4webapi, as a resource server, takes with a proof of their key alone (RFC 9449 §7)', async () => {
      const key = makeClientKey('P-256');
      const pair = {
        publicKey: await webCrypto(key.publicKey, 'verify'),
        privateKey: await webCrypto(key.privateKey, 'sign'),
      };
      const options = { ...INSECURE, DPoP: oauth.DPoP(CLIENT, pair) };
      const authentication = oauth.ClientSecretBasic(client_secret);
      const ask = async () => {
        const answer = await oauth.clientCredentialsGrantRequest(as, CLIENT, authentication, {}, options);
        return oauth.processClientCredentialsResponse(as, CLIENT, answer);
      };
      const { access_token } = await ask().catch(ask);
      const use = async (by: typeof key) => {
        const claims = { htm: 'GET', ath: hash('sha256', access_token, 'base64url') };
        const proof = await dpopProof(by, 'ES256', RESOURCE, Math.floor(Date.now() / 1000), { claims });
        const headers = { Authorization: `DPoP ${access_token}`, DPoP: proof };
        return oauth.validateJwtAccessToken(as, new Request(RESOURCE, { headers }), RESOURCE, INSECURE);
      };
      assert.deepEqual(await use(key), decodeJwt(access_token));
      await assert.rejects(use(makeClientKey('P-256')), { code: oauth.JWT_CLAIM_COMPARISON });
    });
  });
}

function webCrypto(key: Parameters<typeof jwkOf>[0], usage: 'sign' | 'verify'): Promise<WebCryptoKey> {
  return crypto.subtle.importKey('jwk', jwkOf(key), { name: 'ECDSA', namedCurve: 'P-256' }, true, [usage]);
}
