import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { basic, FORM_ENDPOINTS, type Suite } from './suite.ts';

/** A log may be written a little later than the answer that it is of. */
const LOG_MILLISECONDS = 20_000;

/** Shorter strings stand in a log by chance. */
const SECRET_MIN_CHARACTERS = 16;

/** The beginning of a secret or token is secret enough, and found also where a log cuts what it has. */
const SECRET_BEGINNING_CHARACTERS = 32;

/** What the log has after all that the other tests have sent: run it last (RFC 6749 §10.3). */
export function describeSecrecy(suite: () => Suite): void {
  /** The log with the line of a token that was just issued, and so with all before it. */
  const completeLog = async () => {
    const { requestToken, clients, target } = suite();
    const { text } = await requestToken(clients.shop);
    const { jti = 'none' } = decodeJwt(Object(JSON.parse(text)).access_token);
    const deadline = Date.now() + LOG_MILLISECONDS;
    let log = await target.log();
    while (!log.includes(jti) && Date.now() < deadline) {
      await sleep(50);
      log = await target.log();
    }
    assert.ok(log.includes(jti), 'the log has each token by its jti');
    return log;
  };

  describe('secrecy', () => {
    it('keeps out of the log every secret and token that was sent or issued, wherever it stood (RFC 6749 §10.3)', async () => {
      const { wire, post, clients } = suite();
      const { client_secret: secret } = clients.shop;
      for (const endpoint of FORM_ENDPOINTS) {
        await post(endpoint, { client_id: secret, client_secret: secret });
        await post(
          endpoint,
          { [secret]: 'value' },
          { Authorization: basic({ client_id: secret, client_secret: 'x' }) },
        );
        await post(endpoint, 'token=', { Authorization: secret });
        await post(endpoint, 'token=', { 'Content-Type': secret, 'User-Agent': secret, Cookie: secret });
        await post(
          endpoint,
          { grant_type: secret, scope: secret, resource: secret, token_type_hint: secret },
          { Authorization: basic(clients.shop) },
        );
        await post(endpoint, '', {}, `?${secret}=${secret}`);
        await post(endpoint, '', {}, `/${secret}`);
      }
      const log = await completeLog();
      const secrets = [...wire.secrets].filter((text) => text.length >= SECRET_MIN_CHARACTERS);
      assert.ok(secrets.length > 100 && secrets.includes(secret), 'the suite has sent its secrets');
      const found = secrets.filter((text) => log.includes(text.slice(0, SECRET_BEGINNING_CHARACTERS)));
      assert.deepEqual(found, []);
    });
  });
}
