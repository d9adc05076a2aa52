import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  deriveClientSecret,
  hashClientSecret,
  isClientSecret,
  matchClientSecret,
} from '../../../core/client-secret.ts';
import { addClientSecret, newSecret, revokeClientSecret } from '../../../core/management/client-secrets.ts';
import { createClient, updateClient } from '../../../core/management/clients.ts';
import { OAuthError } from '../../../core/oauth-error.ts';
import { clientId } from '../../support/records.ts';
import { createTestIssuer, type TestIssuer } from '../../support/test-issuer.ts';

const NOW = 1_800_000_000;
const RANDOM = 'kJ8#mP2$vQ9&wX4!zB7^nC5*aD3@fG6%';

describe('newSecret', () => {
  it('makes a secret and keeps its hash, never itself', () => {
    const { client_secret, stored } = newSecret({}, NOW);
    assert.ok(isClientSecret(client_secret));
    assert.match(stored.secret_id, /^[0-9A-Za-z]{9}$/);
    assert.deepEqual(stored, {
      secret_id: stored.secret_id,
      sha256: hashClientSecret(client_secret),
      created_at: NOW,
    });
  });

  for (const seconds of [1, 86_400, 315_576_000]) {
    it(`makes one that expires after ${seconds} s`, () => {
      assert.equal(newSecret({ expiresInSeconds: seconds }, NOW).stored.expires_at, NOW + seconds);
    });
  }

  for (const seconds of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 315_576_001]) {
    it(`makes none that expires after ${seconds} s`, () => {
      assert.throws(() => newSecret({ expiresInSeconds: seconds }, NOW), {
        code: 'invalid_client_metadata',
        description: 'a secret lives a whole number of seconds, ten years at most',
      });
    });
  }

  const unguessable = [RANDOM, newSecret({}, NOW).client_secret, `${RANDOM} `, RANDOM.repeat(32)];
  for (const imported of unguessable) {
    it(`takes over ${imported.slice(0, 20)}… of ${imported.length} characters`, () => {
      const { client_secret, stored } = newSecret({ imported }, NOW);
      assert.equal(client_secret, imported);
      assert.equal(stored.sha256, hashClientSecret(imported));
    });
  }

  for (const [what, imported] of [
    ['nothing', ''],
    ['a password', 'correct horse battery staple'],
    ['31 characters', RANDOM.slice(1)],
    ['32 characters of which 11 differ', 'abcdefghijk'.repeat(3).slice(0, 32)],
    ['a character that is not printable ASCII', `${RANDOM}é`],
    ['a line break at its end', `${RANDOM}\n`],
    ['1025 characters', `${RANDOM.repeat(32)}a`],
  ] as const) {
    it(`takes over no secret of ${what}: it could be guessed, or not be sent`, () => {
      assert.throws(() => newSecret({ imported }, NOW), {
        code: 'invalid_client_metadata',
        description:
          'an imported secret is random, printable ASCII, 32 to 1024 characters of which at least 12 differ: ' +
          'leave it out to have one made',
      });
    });
  }

  it('takes over what the bounds allow and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 20, maxLength: 60 }), (imported) => {
        const isAllowed =
          imported.length >= 32 && new Set(imported).size >= 12 && /^[\x20-\x7e]*$/.test(imported);
        try {
          assert.equal(newSecret({ imported }, NOW).client_secret, imported);
          assert.ok(isAllowed, imported);
        } catch (error) {
          assert.ok(error instanceof OAuthError && !isAllowed, String(error));
        }
      }),
    );
  });
});

describe('the secrets of a client', () => {
  const BACKEND = clientId('backend');
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await createTestIssuer();
  });

  const secretsOf = async () => (await issuer.clients.find(BACKEND))?.client_secrets ?? [];
  const opens = async (secret: string) =>
    matchClientSecret(secret, await secretsOf(), issuer.time.now).match === 'match';

  it('are two while one replaces the other, so that there is no gap', async () => {
    const second = await addClientSecret(BACKEND, {}, issuer);
    assert.equal(await opens(issuer.client_secret), true);
    assert.equal(await opens(second.client_secret), true);
    const [first] = await secretsOf();
    const client = await revokeClientSecret(BACKEND, first?.secret_id ?? '', issuer);
    assert.deepEqual(client.client_secrets, [second.stored]);
    assert.equal(await opens(issuer.client_secret), false);
    assert.equal(await opens(second.client_secret), true);
  });

  it('are two at most', async () => {
    await addClientSecret(BACKEND, {}, issuer);
    const secrets = await secretsOf();
    const ids = secrets.map((stored) => stored.secret_id).join(', ');
    await assert.rejects(addClientSecret(BACKEND, {}, issuer), {
      code: 'conflict',
      description: `the client has 2 active secrets (${ids}): revoke one first`,
    });
    assert.deepEqual(await secretsOf(), secrets);
  });

  it('are two at most, also of 5 that are added at once', async () => {
    const added = await Promise.allSettled(
      Array.from({ length: 5 }, () => addClientSecret(BACKEND, {}, issuer)),
    );
    assert.equal(added.filter((outcome) => outcome.status === 'fulfilled').length, 1);
    assert.equal((await secretsOf()).length, 2);
  });

  it('make room when they expire, in that second', async () => {
    const second = await addClientSecret(BACKEND, { expiresInSeconds: 60 }, issuer);
    issuer.time.now += 59;
    assert.equal(await opens(second.client_secret), true);
    await assert.rejects(addClientSecret(BACKEND, {}, issuer), { code: 'conflict' });
    issuer.time.now += 1;
    assert.equal(await opens(second.client_secret), false);
    const third = await addClientSecret(BACKEND, {}, issuer);
    const [first, ...others] = await secretsOf();
    assert.equal(first?.sha256, hashClientSecret(issuer.client_secret));
    assert.deepEqual(others, [third.stored]);
  });

  it('may all be revoked', async () => {
    const [first] = await secretsOf();
    await revokeClientSecret(BACKEND, first?.secret_id ?? '', issuer);
    assert.deepEqual(await secretsOf(), []);
  });

  it('are known by their identifiers, not by themselves', async () => {
    for (const unknown of ['unknown', issuer.client_secret, '']) {
      await assert.rejects(revokeClientSecret(BACKEND, unknown, issuer), {
        code: 'not_found',
        description: `the client has no secret ${unknown}: signet clients secrets list shows those it has`,
      });
    }
    assert.equal(await opens(issuer.client_secret), true);
  });

  it('are nothing for a public client, and for one that is not there', async () => {
    await updateClient(BACKEND, { token_endpoint_auth_method: 'none' }, issuer);
    await assert.rejects(addClientSecret(BACKEND, {}, issuer), {
      code: 'invalid_client_metadata',
      description: 'the client does not authenticate by secret: give it an auth method that does first',
    });
    await assert.rejects(addClientSecret(clientId('unknown'), {}, issuer), { code: 'not_found' });
    await assert.rejects(revokeClientSecret(clientId('unknown'), 'a', issuer), { code: 'not_found' });
  });
});

describe('a secret for client_secret_jwt', () => {
  const SHOP = clientId('shop');
  const method = { token_endpoint_auth_method: 'client_secret_jwt' };
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await createTestIssuer();
  });

  it('can be derived again from what is kept, by whoever has the key', async () => {
    const { secret } = await createClient('shop', method, { expiresInSeconds: 60 }, issuer);
    const added = await addClientSecret(SHOP, {}, issuer);
    const stored = (await issuer.clients.find(SHOP))?.client_secrets;
    assert.deepEqual(stored, [secret?.stored, added.stored]);
    for (const made of [secret, added]) {
      const again = await deriveClientSecret('shop', made?.stored.secret_id ?? '', issuer.secretDerivation);
      assert.equal(again, made?.client_secret);
      assert.equal(made?.stored.sha256, hashClientSecret(again));
    }
    assert.equal(secret?.stored.expires_at, NOW + 60);
  });

  it('is not taken over from elsewhere', async () => {
    await createClient('shop', method, {}, issuer);
    const refused = {
      code: 'invalid_client_metadata',
      description: 'a secret for client_secret_jwt is of Signet’s making: leave it out to have one made',
    };
    await assert.rejects(createClient('other', method, { imported: RANDOM }, issuer), refused);
    await assert.rejects(addClientSecret(SHOP, { imported: RANDOM }, issuer), refused);
  });

  it('is not made where the issuer derives none', async () => {
    const off = { ...issuer, secretDerivation: undefined };
    await assert.rejects(createClient('shop', method, {}, off), {
      code: 'invalid_client_metadata',
      description: 'client_secret_jwt is not turned on at this issuer: see its operations page before you do',
    });
    assert.equal(await issuer.clients.find(SHOP), undefined);
  });

  it('is none that a client had before as a hash: those are revoked first', async () => {
    const backend = issuer.client.client_id;
    await assert.rejects(updateClient(backend, method, issuer), {
      code: 'invalid_client_metadata',
      description:
        'the secrets of the client are kept as hashes, which client_secret_jwt cannot use: revoke them first, and add one after',
    });
    await revokeClientSecret(backend, issuer.client.client_secrets[0]?.secret_id ?? '', issuer);
    await updateClient(backend, method, issuer);
    const { client_secret } = await addClientSecret(backend, {}, issuer);
    assert.match(client_secret, /^signet_secret_[0-9A-Za-z]{92}$/);
    const named = await updateClient(backend, { ...method, client_name: 'Till' }, issuer);
    assert.equal(named.client_secrets.length, 1);
  });
});
