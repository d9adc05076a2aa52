import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import type { ClientId } from '../core/client-id.ts';
import { requireRecord } from '../core/management/change-record.ts';
import {
  addClientSecret,
  type NewSecret,
  revokeClientSecret,
  type SecretRequest,
} from '../core/management/client-secrets.ts';
import { describeClient } from '../core/management/description.ts';
import { type Answer, listText, recordText } from './answer.ts';
import { withExamples } from './examples.ts';
import type { ManagedStore } from './managed-store.ts';
import { parseClientId, parseDuration } from './option-values.ts';
import { onStore, type StoreOptions } from './store.ts';

/** The options of commands that make a secret. */
export interface SecretOptions {
  readonly secretExpiresIn?: number;
  readonly secretStdin?: true;
}

/** `signet clients secrets`: two at a time, so that one can take over from the other without a gap. */
export function secretsCommand(): Command {
  const secrets = new Command('secrets').description(
    'the secrets of a client, two at most: add one, change its callers over, revoke the other',
  );
  for (const command of [add(), list(), revoke()]) secrets.addCommand(command);
  return secrets;
}

/** Gives a command the options of those that make a secret. */
export function withSecretOptions(command: Command): Command {
  return command
    .option(
      '--secret-expires-in <duration>',
      'how long the secret is good for (30d); for ever when absent',
      parseDuration,
    )
    .option(
      '--secret-stdin',
      'take over a random secret that the client has already: read it from standard input',
    );
}

/** Reads what is asked of a secret; one to take over comes by standard input, where no process list shows it. */
export async function toSecretRequest({
  secretExpiresIn,
  secretStdin,
}: SecretOptions): Promise<SecretRequest> {
  const imported = secretStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
  return { expiresInSeconds: secretExpiresIn, imported };
}

/** Shows a secret this once, below what it belongs to. */
export function secretAnswer(record: object, { client_secret, stored }: NewSecret): Answer {
  // RFC 7591 §3.2.1 has 0 for a secret that does not expire.
  const json = { ...record, client_secret, client_secret_expires_at: stored.expires_at ?? 0 };
  return {
    json,
    text: `${recordText({ ...record, client_secret })}\n\nThe secret is not shown again: keep it now.`,
  };
}

function add(): Command {
  const command = secretCommand('add', 'add a secret beside the one in use; it is shown this once');
  withExamples(command, 'signet clients secrets add shop --secret-expires-in 90d');
  return onStore<StoreOptions & SecretOptions, [ClientId]>(
    withSecretOptions(command),
    async (store, options, client_id) => {
      const secret = await addClientSecret(client_id, await toSecretRequest(options), store);
      return secretAnswer({ client_id, secret_id: secret.stored.secret_id }, secret);
    },
  );
}

function list(): Command {
  return onStore<StoreOptions, [ClientId]>(
    secretCommand('list', 'list the secrets of a client: their identifiers and times'),
    async (store, _, client_id) =>
      describeSecrets(await requireRecord('client', client_id, store.clients), store),
  );
}

function revoke(): Command {
  const command = secretCommand('revoke', 'revoke a secret: its callers are refused').argument(
    '<secret_id>',
    'which one, as list shows it',
  );
  return onStore<StoreOptions, [ClientId, string]>(command, async (store, _, client_id, secret_id) =>
    describeSecrets(await revokeClientSecret(client_id, secret_id, store), store),
  );
}

function secretCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<client_id>', 'the identifier of the client', parseClientId);
}

function describeSecrets(client: Parameters<typeof describeClient>[0], { clock }: ManagedStore): Answer {
  const { client_secrets } = describeClient(client, clock());
  const columns = ['secret_id', 'created_at', 'expires_at', 'active'] as const;
  return {
    json: client_secrets,
    text: listText(
      client_secrets,
      columns,
      'The client has no secrets: signet clients secrets add makes one.',
    ),
  };
}
