import { Command, Option } from 'commander';
import { type Client, TOKEN_ENDPOINT_AUTH_METHODS } from '../core/client.ts';
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
import { readCertificate, readJwks } from './client-keys.ts';
import {
  type SecretOptions,
  secretAnswer,
  secretsCommand,
  toSecretRequest,
  withSecretOptions,
} from './client-secrets.ts';
import { withExamples } from './examples.ts';
import type { ManagedStore } from './managed-store.ts';
import {
  type Access,
  type NONE,
  noneToNull,
  orNone,
  parseAccess,
  parseClientId,
  parseDuration,
  parseJson,
  parseNonEmpty,
} from './option-values.ts';
import { onStore, type StoreOptions } from './store.ts';

interface ClientOptions extends StoreOptions {
  readonly name?: string;
  readonly resource?: readonly Access[];
  readonly defaultResource?: string;
  readonly authMethod?: string;
  readonly jwks?: string;
  readonly certificate?: string;
  readonly lifetime?: number | typeof NONE;
  readonly subject?: string;
  readonly claims?: unknown;
  readonly roles?: readonly Access[];
  readonly groups?: readonly Access[];
}

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
  );
  return onStore<ClientOptions & SecretOptions, [ClientId | undefined]>(
    withSecretOptions(withMetadata(command)),
    async (store, options, client_id) => {
      const request = await toSecretRequest(options);
      const { client, secret } = await createClient(client_id, await toMetadata(options), request, store);
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
  );
  return onStore<ClientOptions, [ClientId]>(withMetadata(command), async (store, options, client_id) =>
    describe(await updateClient(client_id, await toMetadata(options), store), store),
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

function withMetadata(command: Command): Command {
  return command
    .option('--name <name>', 'a name for people to read, or none', parseNonEmpty)
    .option(
      '--resource <access>',
      'what it may have tokens for, as "URI scope scope"; repeat it for each resource: together they replace all that it had; none for nothing',
      parseAccess,
    )
    .option('--default-resource <resource>', 'the resource that a request without one means, or none')
    .addOption(
      new Option(
        '--auth-method <method>',
        'how it has to authenticate: any for either secret method; private_key_jwt needs its keys; none makes it public, and then it gets no token',
      ).choices([...TOKEN_ENDPOINT_AUTH_METHODS, ANY_METHOD]),
    )
    .option(
      '--jwks <file>',
      'its public keys for private_key_jwt, a JWK Set or one JWK; they replace those it had; - for standard input',
      parseNonEmpty,
    )
    .addOption(
      new Option(
        '--certificate <file>',
        'the same by a certificate in PEM, which assertions name by x5t or x5t#S256; - for standard input',
      )
        .argParser(parseNonEmpty)
        .conflicts('jwks'),
    )
    .option(
      '--lifetime <duration>',
      'how long its tokens live at most (90s, 15m, 1h), or none for as long as the resource has it',
      orNone(parseDuration),
    )
    .option('--subject <subject>', 'whom its tokens name as sub, or none for its client_id', parseNonEmpty)
    .option(
      '--claims <json>',
      'a JSON object, or @FILE with one, of claims that its tokens have besides; where its resource has one too, this counts; or none',
      orNone(parseJson),
    )
    .option(
      '--roles <roles>',
      'its roles at one of its resources, as "URI role role"; repeat it for each resource: together they replace all that it had; or none',
      parseAccess,
    )
    .option(
      '--groups <groups>',
      'its groups at one of its resources, as "URI group group"; repeat it as --roles; or none',
      parseAccess,
    );
}

const ANY_METHOD = 'any';

async function toMetadata({
  name,
  resource,
  defaultResource,
  authMethod,
  jwks,
  certificate,
  lifetime,
  ...options
}: ClientOptions) {
  return {
    client_name: noneToNull(name),
    resources: resource,
    default_resource: noneToNull(defaultResource),
    token_endpoint_auth_method: authMethod === ANY_METHOD ? null : authMethod,
    jwks: (await readJwks(jwks)) ?? (await readCertificate(certificate)),
    access_token_lifetime: noneToNull(lifetime),
    subject: noneToNull(options.subject),
    claims: noneToNull(options.claims),
    roles: toRoles(options.roles),
    groups: toRoles(options.groups),
  };
}

function toRoles(access: readonly Access[] | undefined) {
  if (access === undefined) return undefined;
  return access.length === 0 ? null : access.map(({ resource, scope }) => ({ resource, values: scope }));
}

function describe(client: Client, { clock }: ManagedStore): Answer {
  const json = describeClient(client, clock());
  return { json, text: recordText(json) };
}
