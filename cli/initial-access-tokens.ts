import { Command } from 'commander';
import {
  addInitialAccessToken,
  describeInitialAccessToken,
  revokeInitialAccessToken,
} from '../core/management/initial-access-tokens.ts';
import { listAll } from '../core/management/list-all.ts';
import type { InitialAccessTokenId } from '../core/registration/initial-access-token.ts';
import { listText, recordText } from './answer.ts';
import { withExamples } from './examples.ts';
import {
  type Access,
  parseAccess,
  parseCount,
  parseDuration,
  parseInitialAccessTokenId,
  parseNonEmpty,
  parseWords,
} from './option-values.ts';
import { onStore, type StoreOptions } from './store.ts';

interface InitialAccessTokenOptions extends StoreOptions {
  readonly name?: string;
  readonly resource: readonly Access[];
  readonly authMethods: readonly string[];
  readonly lifetime?: number;
  readonly softwareStatements?: readonly string[];
  readonly requireSoftwareStatement?: true;
  readonly uses: number;
  readonly expiresIn: number;
}

const DAY_SECONDS = 86_400;

/** `signet initial-access-tokens`: by them clients register themselves (RFC 7591 §1.2). */
export function initialAccessTokensCommand(): Command {
  const tokens = new Command('initial-access-tokens').description(
    'the tokens by which clients register themselves, where the issuer has registration turned on',
  );
  for (const command of [create(), list(), revoke()]) tokens.addCommand(command);
  return tokens;
}

function create(): Command {
  const command = new Command('create')
    .description('make a token by which clients register themselves; it is shown this once')
    .requiredOption(
      '--resource <access>',
      'what its clients may have tokens for, as "URI scope scope"; repeat it for each resource',
      parseAccess,
    )
    .option(
      '--auth-methods <methods>',
      'how its clients may authenticate, with spaces between, of client_secret_basic, client_secret_post and private_key_jwt',
      parseWords,
      ['client_secret_basic'],
    )
    .option(
      '--lifetime <duration>',
      'how long the tokens of its clients live at most (90s, 15m, 1h); as long as the resource has it when absent',
      parseDuration,
    )
    .option(
      '--software-statements <issuers>',
      'issuers whose software statements (RFC 7591 section 2.3) its clients may bring, with spaces between',
      parseWords,
    )
    .option('--require-software-statement', 'have each of its clients bring one')
    .option('--uses <count>', 'how many clients may register by it', parseCount, 1)
    .option('--expires-in <duration>', 'how long it is good for (1h, 30d)', parseDuration, DAY_SECONDS)
    .option('--name <name>', 'a name for people to read', parseNonEmpty);
  withExamples(
    command,
    'signet initial-access-tokens create --resource "https://billing.example.com read"',
    'signet initial-access-tokens create --resource "https://billing.example.com read" --uses 50 --expires-in 30d --name Partners',
  );
  return onStore<InitialAccessTokenOptions, []>(command, async (store, options) => {
    const { initial_access_token, stored } = await addInitialAccessToken(
      {
        name: options.name,
        uses: options.uses,
        expiresInSeconds: options.expiresIn,
        policy: {
          resources: options.resource,
          token_endpoint_auth_methods: options.authMethods,
          access_token_lifetime: options.lifetime,
          software_statement_issuers: options.softwareStatements,
          software_statement_required: options.requireSoftwareStatement,
        },
      },
      store,
    );
    const json = { ...describeInitialAccessToken(stored), initial_access_token };
    return { json, text: `${recordText(json)}\n\nThe token is not shown again: keep it now.` };
  });
}

function list(): Command {
  const command = new Command('list').description('list the tokens by which clients register themselves');
  return onStore(command, async ({ initialAccessTokens }) => {
    const all = (await listAll(initialAccessTokens)).map(describeInitialAccessToken);
    const columns = ['initial_access_token_id', 'name', 'uses_left', 'expires_at'] as const;
    const none = 'There are no initial access tokens: signet initial-access-tokens create makes one.';
    return { json: all, text: listText(all, columns, none) };
  });
}

function revoke(): Command {
  const command = new Command('revoke')
    .description('let no further client register by a token; those that did stay')
    .argument('<initial_access_token_id>', 'which one, as list shows it', parseInitialAccessTokenId);
  return onStore<StoreOptions, [InitialAccessTokenId]>(command, async (store, _, initial_access_token_id) => {
    await revokeInitialAccessToken(initial_access_token_id, store);
    const json = { initial_access_token_id, revoked: true };
    return { json, text: `Revoked ${initial_access_token_id}.` };
  });
}
