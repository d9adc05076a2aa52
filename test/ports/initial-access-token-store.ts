import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import type { ManagementPorts } from '../../core/management/ports.ts';
import {
  type InitialAccessToken,
  InitialAccessTokenSchema,
} from '../../core/registration/initial-access-token.ts';
import { eventually } from '../support/eventually.ts';
import { makeClient } from '../support/records.ts';

/** The stores of an adapter that a registration writes, both empty. */
type Stores = Pick<ManagementPorts, 'clients' | 'initialAccessTokens'>;

function makeToken(letter: string, members: object = {}): InitialAccessToken {
  return v.parse(InitialAccessTokenSchema, {
    initial_access_token_id: letter.repeat(43),
    name: 'Zoë’s “partners”',
    created_at: 1,
    expires_at: 2,
    uses_left: 10,
    policy: {
      resources: [{ resource: 'https://api.example.com', scope: ['write', 'read'] }],
      token_endpoint_auth_methods: ['private_key_jwt', 'client_secret_basic'],
      access_token_lifetime: 600,
    },
    version: 1,
    ...members,
  });
}

/** Holds the InitialAccessTokenStore of an adapter to what the port promises. */
export function initialAccessTokenStoreContract(adapter: string, openEmpty: () => Promise<Stores>): void {
  describe(`InitialAccessTokenStore on ${adapter}`, () => {
    const spent = makeToken('a', { uses_left: 9, version: 2 });
    const openWithToken = async () => {
      const stores = await openEmpty();
      assert.equal(await stores.initialAccessTokens.create(makeToken('a')), true);
      return stores;
    };

    it('finds and lists what was created, changes the version it is told, and removes it', async () => {
      const { initialAccessTokens } = await openWithToken();
      const [token, other] = [makeToken('a'), makeToken('Z', { name: 'other' })];
      assert.equal(await initialAccessTokens.create(other), true);
      assert.equal(await initialAccessTokens.create(token), false);
      assert.deepEqual(await initialAccessTokens.find(token.initial_access_token_id), token);
      await eventually(async () =>
        assert.deepEqual(await initialAccessTokens.list(10), { items: [other, token] }),
      );
      assert.equal(await initialAccessTokens.replace(spent), true);
      assert.equal(await initialAccessTokens.remove(token), false);
      assert.equal(await initialAccessTokens.remove(spent), true);
      assert.equal(await initialAccessTokens.find(token.initial_access_token_id), undefined);
    });

    it('spends a token on a client: both are written', async () => {
      const { clients, initialAccessTokens } = await openWithToken();
      const client = makeClient('new', { client_name: 'Zoë' });
      assert.equal(await initialAccessTokens.spend(spent, client), true);
      assert.deepEqual(await initialAccessTokens.find(spent.initial_access_token_id), spent);
      assert.deepEqual(await clients.find(client.client_id), client);
    });

    for (const [what, members] of [
      ['the same version again', { version: 1 }],
      ['a version after the next', { version: 3 }],
    ] as const) {
      it(`writes neither where a token is spent by ${what}`, async () => {
        const { clients, initialAccessTokens } = await openWithToken();
        const client = makeClient('new');
        assert.equal(await initialAccessTokens.spend({ ...spent, ...members }, client), false);
        assert.deepEqual(await initialAccessTokens.find(spent.initial_access_token_id), makeToken('a'));
        assert.equal(await clients.find(client.client_id), undefined);
      });
    }

    it('writes neither where the token is not there, or the client is', async () => {
      const { clients, initialAccessTokens } = await openWithToken();
      const taken = makeClient('taken');
      await clients.create(taken);
      assert.equal(await initialAccessTokens.spend(spent, makeClient('taken', { client_name: 'b' })), false);
      assert.deepEqual(await initialAccessTokens.find(spent.initial_access_token_id), makeToken('a'));
      assert.deepEqual(await clients.find(taken.client_id), taken);
      const missing = makeToken('b', { version: 2 });
      assert.equal(await initialAccessTokens.spend(missing, makeClient('new')), false);
      assert.equal(await clients.find(makeClient('new').client_id), undefined);
    });

    for (const racers of [2, 25]) {
      it(`lets one of ${racers} that race to spend one version win, and makes one client`, async () => {
        const { clients, initialAccessTokens } = await openWithToken();
        const made = Array.from({ length: racers }, (_, n) => makeClient(`racer-${n}`));
        const won = await Promise.all(made.map((client) => initialAccessTokens.spend(spent, client)));
        assert.ok(won.filter(Boolean).length <= 1);
        const found = await Promise.all(made.map(({ client_id }) => clients.find(client_id)));
        assert.deepEqual(
          found.map((client) => client !== undefined),
          won,
        );
        const token = await initialAccessTokens.find(spent.initial_access_token_id);
        assert.deepEqual(token, won.includes(true) ? spent : makeToken('a'));
      });
    }
  });
}
