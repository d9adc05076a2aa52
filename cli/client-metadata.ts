import type { Command } from 'commander';
import type { ClientMetadata } from '../core/management/clients.ts';
import {
  type ClientAuthenticationOptions,
  toClientAuthentication,
  withClientAuthentication,
} from './client-authentication.ts';
import {
  type Access,
  type NONE,
  noneToNull,
  orNone,
  parseAccess,
  parseDuration,
  parseJson,
  parseNonEmpty,
} from './option-values.ts';
import { type TokenExchangeOptions, toTokenExchange, withTokenExchange } from './token-exchange.ts';

/** The options of commands that make or change a client. */
export interface ClientMetadataOptions extends ClientAuthenticationOptions, TokenExchangeOptions {
  readonly name?: string;
  readonly resource?: readonly Access[];
  readonly defaultResource?: string;
  readonly lifetime?: number | typeof NONE;
  readonly subject?: string;
  readonly claims?: unknown;
  readonly roles?: readonly Access[];
  readonly groups?: readonly Access[];
  readonly authorizationDetailsTypes?: readonly Access[];
}

/** Gives a command the options that say how a client authenticates and what its tokens are. */
export function withClientMetadata(command: Command): Command {
  return withTokenExchange(withClientAuthentication(command))
    .option('--name <name>', 'a name for people to read, or none', parseNonEmpty)
    .option(
      '--resource <access>',
      'what it may have tokens for, as "URI scope scope"; repeat it for each resource: together they replace all that it had; none for nothing',
      parseAccess,
    )
    .option('--default-resource <resource>', 'the resource that a request without one means, or none')
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
    )
    .option(
      '--authorization-details-types <types>',
      'the types of authorization details that it may use at one of its resources, as "URI type type"; repeat it as --roles; or none',
      parseAccess,
    );
}

/** What the options say of a client, in the names of RFC 7591 §2. */
export async function toClientMetadata({
  name,
  resource,
  defaultResource,
  lifetime,
  ...options
}: ClientMetadataOptions): Promise<ClientMetadata> {
  return {
    client_name: noneToNull(name),
    resources: resource,
    default_resource: noneToNull(defaultResource),
    ...(await toClientAuthentication(options)),
    ...toTokenExchange(options),
    access_token_lifetime: noneToNull(lifetime),
    subject: noneToNull(options.subject),
    claims: noneToNull(options.claims),
    roles: toRoles(options.roles),
    groups: toRoles(options.groups),
    authorization_details_types: toRoles(options.authorizationDetailsTypes),
  };
}

function toRoles(access: readonly Access[] | undefined) {
  if (access === undefined) return undefined;
  return access.length === 0 ? null : access.map(({ resource, scope }) => ({ resource, values: scope }));
}
