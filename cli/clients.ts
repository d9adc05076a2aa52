import { Command } from 'commander';
import type { Client } from '../core/client.ts';
import type { ClientId } from '../core/client-id.ts';
import { requireRecord } from '../core/management/change-record.ts';
import {
  createClient,
  deleteClient,
  revokeClientTokens,
  setClientEnabled,
  updateClient,
} from '../core/management/clients.ts';
import { describeClient } from '../core/management/description.ts';
import { listAll } from '../core/management/list-all.ts';
import { type Answer, listText, recordText } from './answer.ts';
import { type ClientMetadataOptions, toClientMetadata, withClientMetadata } from './client-metadata.ts';
import {
  type SecretOptions,
  secretAnswer,
  secretsCommand,
  toSecretRequest,
  withSecretOptions,
} from './client-secrets.ts';
import { withExamples } from './examples.ts';
import type { ManagedStore } from './managed-store.ts';
import { parseClientId } from './option-values.ts';
import { onStore, type StoreOptions } from './store.ts';

/** `signet clients`: the machines that ask for tokens. */
export function clientsCommand(): Command {
  const clients = new Command('clients').description(
    'the machines that ask for tokens, and those that introspect them',
  );
  for (const command of [
    create(),
    list(),
    show(),
    update(),
    disable(),
    enable(),
    remove(),
    revokeTokens(),
    secretsCommand(),
  ]) {
    clients.addCommand(command);
  }
  return clients;
}

function create(): Command {
  const command = new Command('create')
    .description('add a client; its secret, when it has one, is shown this once')
    .argument('[client_id]', 'its identifier; one is made when absent', parseClientId);
  withExamples(
    command,
    'signet clients create --name Shop --resource "https://billing.example.com read"',
    'signet clients create shop --resource "https://billing.example.com read write" --lifetime 15m --json',
    'signet clients create billing-api --name "Introspects its own tokens"',
    'signet clients create deploy --auth-method private_key_jwt --trust "https://token.actions.githubusercontent.com repo:octo-org/octo-repo:ref:refs/heads/main"',
  );
  return onStore<ClientMetadataOptions & SecretOptions & StoreOptions, [ClientId | undefined]>(
    withSecretOptions(withClientMetadata(command)),
    async (store, options, client_id) => {
      const request = await toSecretRequest(options);
      const { client, secret } = await createClient(
        client_id,
        await toClientMetadata(options),
        request,
        store,
      );
      const described = describeClient(client, store.clock());
      return secret ? secretAnswer(described, secret) : { json: described, text: recordText(described) };
    },
  );
}

function list(): Command {
  return onStore(new Command('list').description('list the clients'), async ({ clients, clock }) => {
    const all = (await listAll(clients)).map((client) => describeClient(client, clock()));
    const columns = ['client_id', 'client_name', 'resources', 'enabled'] as const;
    return {
      json: all,
      text: listText(all, columns, 'There are no clients yet: signet clients create makes one.'),
    };
  });
}

function show(): Command {
  return onStore<StoreOptions, [ClientId]>(
    clientCommand('show', 'show a client'),
    async (store, _, client_id) => describe(await requireRecord('client', client_id, store.clients), store),
  );
}

function update(): Command {
  const command = clientCommand('update', 'change a client: what is not given stays as it is');
  withExamples(
    command,
    'signet clients update shop --name "Shop EU" --lifetime none',
    'signet clients update shop --subject accounts/shop --roles "https://billing.example.com clerk"',
    'signet clients update shop --resource "https://billing.example.com read" --auth-method client_secret_basic',
    'signet clients update billing-api --exchange-from https://billing.example.com --exchange-to "https://orders.example.com orders.read"',
  );
  return onStore<ClientMetadataOptions & StoreOptions, [ClientId]>(
    withClientMetadata(command),
    async (store, options, client_id) =>
      describe(await updateClient(client_id, await toClientMetadata(options), store), store),
  );
}

function disable(): Command {
  return setEnabled('disable', 'refuse a client, and introspect its tokens as inactive', false);
}

function enable(): Command {
  return setEnabled('enable', 'let a disabled client in again', true);
}

function setEnabled(name: string, description: string, enabled: boolean): Command {
  return onStore<StoreOptions, [ClientId]>(clientCommand(name, description), async (store, _, client_id) =>
    describe(await setClientEnabled(client_id, enabled, store), store),
  );
}

function remove(): Command {
  const command = clientCommand('delete', 'delete a client and its secrets for good; disable can be undone');
  return onStore<StoreOptions, [ClientId]>(command, async (store, _, client_id) => {
    await deleteClient(client_id, store);
    return { json: { client_id, deleted: true }, text: `Deleted ${client_id}.` };
  });
}

function revokeTokens(): Command {
  const command = clientCommand(
    'revoke-tokens',
    'introspect all tokens that a client has by now as inactive; it can get new ones',
  );
  return onStore<StoreOptions, [ClientId]>(command, async (store, _, client_id) =>
    describe(await revokeClientTokens(client_id, store), store),
  );
}

function clientCommand(name: string, description: string): Command {
  return new Command(name).description(description).argument('<client_id>', 'its identifier', parseClientId);
}

function describe(client: Client, { clock }: ManagedStore): Answer {
  const json = describeClient(client, clock());
  return { json, text: recordText(json) };
}
