import { Command, Option } from 'commander';
import { ALGS } from '../core/jose/algorithms.ts';
import { requireRecord } from '../core/management/change-record.ts';
import { describeResource } from '../core/management/description.ts';
import { listAll } from '../core/management/list-all.ts';
import {
  createResource,
  deleteResource,
  setResourceEnabled,
  updateResource,
} from '../core/management/resources.ts';
import { ACCESS_TOKEN_FORMATS, type Resource, type ResourceIdentifier } from '../core/resource.ts';
import { resourceMetadata } from '../core/resource-metadata.ts';
import { type Answer, listText, recordText } from './answer.ts';
import { type DetailsType, parseDetailsType } from './authorization-details-type.ts';
import { withExamples } from './examples.ts';
import {
  NONE,
  noneToNull,
  orNone,
  parseDuration,
  parseIssuer,
  parseJson,
  parseNonEmpty,
  parseResource,
  parseWords,
} from './option-values.ts';
import { onStore, type StoreOptions } from './store.ts';

interface ResourceOptions extends StoreOptions {
  readonly name?: string;
  readonly scopes?: readonly string[];
  readonly lifetime?: number | typeof NONE;
  readonly tokenFormat?: string;
  readonly alg?: string;
  readonly introspectedBy?: readonly string[];
  readonly claims?: unknown;
  readonly authorizationDetailsType?: readonly DetailsType[];
  readonly publishMetadata?: boolean;
  readonly documentation?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
}

interface ResourceMetadataOptions extends StoreOptions {
  readonly issuer: string;
}

/** `signet resources`: the APIs that tokens are for. */
export function resourcesCommand(): Command {
  const resources = new Command('resources').description('the APIs that tokens are for');
  for (const command of [create(), list(), show(), update(), disable(), enable(), remove(), metadata()])
    resources.addCommand(command);
  return resources;
}

function create(): Command {
  const command = resourceCommand('create', 'add a resource');
  withExamples(
    command,
    'signet resources create https://billing.example.com --scopes "read write"',
    'signet resources create https://orders.example.com --scopes "orders.read" --lifetime 15m',
  );
  return onStore<ResourceOptions, [ResourceIdentifier]>(
    withMetadata(command),
    async (store, options, resource) => describe(await createResource(resource, toMetadata(options), store)),
  );
}

function list(): Command {
  return onStore(new Command('list').description('list the resources'), async ({ resources }) => {
    const all = (await listAll(resources)).map(describeResource);
    const columns = ['resource', 'resource_name', 'scopes_supported', 'enabled'] as const;
    return {
      json: all,
      text: listText(all, columns, 'There are no resources yet: signet resources create makes one.'),
    };
  });
}

function show(): Command {
  return onStore<StoreOptions, [ResourceIdentifier]>(
    resourceCommand('show', 'show a resource'),
    async ({ resources }, _, resource) => describe(await requireRecord('resource', resource, resources)),
  );
}

function update(): Command {
  const command = resourceCommand('update', 'change a resource: what is not given stays as it is');
  withExamples(
    command,
    'signet resources update https://billing.example.com --lifetime 10m --name Billing',
    'signet resources update https://billing.example.com --introspected-by "billing-api"',
  );
  return onStore<ResourceOptions, [ResourceIdentifier]>(
    withMetadata(command),
    async (store, options, resource) => describe(await updateResource(resource, toMetadata(options), store)),
  );
}

function disable(): Command {
  return setEnabled(
    'disable',
    'refuse tokens for a resource, and introspect those there are as inactive',
    false,
  );
}

function enable(): Command {
  return setEnabled('enable', 'let a disabled resource have tokens again', true);
}

function setEnabled(name: string, description: string, enabled: boolean): Command {
  return onStore<StoreOptions, [ResourceIdentifier]>(
    resourceCommand(name, description),
    async (store, _, resource) => describe(await setResourceEnabled(resource, enabled, store)),
  );
}

function remove(): Command {
  const command = resourceCommand('delete', 'delete a resource for good; disable can be undone');
  return onStore<StoreOptions, [ResourceIdentifier]>(command, async (store, _, resource) => {
    await deleteResource(resource, store);
    return { json: { resource, deleted: true }, text: `Deleted ${resource}.` };
  });
}

function metadata(): Command {
  const command = resourceCommand(
    'metadata',
    'write the metadata that its server serves at /.well-known/oauth-protected-resource (RFC 9728)',
  ).requiredOption('--issuer <url>', 'the issuer identifier, which the metadata names', parseIssuer);
  withExamples(
    command,
    'signet resources metadata https://orders.example.com --issuer https://auth.example.com',
  );
  return onStore<ResourceMetadataOptions, [ResourceIdentifier]>(
    command,
    async ({ resources }, { issuer }, resource) => {
      const json = resourceMetadata(await requireRecord('resource', resource, resources), {
        identifier: issuer,
      });
      return { json, text: JSON.stringify(json, undefined, 2) };
    },
  );
}

function resourceCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<resource>', 'its identifier, a URI', parseResource);
}

function withMetadata(command: Command): Command {
  return command
    .option('--name <name>', 'a name for people to read, or none', parseNonEmpty)
    .option('--scopes <scopes>', 'all scopes it knows, with spaces between; "" for no scope', parseWords)
    .option(
      '--lifetime <duration>',
      'how long its tokens live (90s, 15m, 1h), or none for the default of the issuer',
      orNone(parseDuration),
    )
    .addOption(
      new Option(
        '--token-format <format>',
        'what its tokens are: JWTs that it verifies by itself, or references that it has to introspect; none for JWTs',
      ).choices([...ACCESS_TOKEN_FORMATS, NONE]),
    )
    .addOption(
      new Option(
        '--alg <alg>',
        'what its tokens are signed with, or none for the default of the issuer',
      ).choices([...ALGS, NONE]),
    )
    .option(
      '--introspected-by <clients>',
      'all clients that may introspect its tokens, with spaces between; "" for no client',
      parseWords,
    )
    .option(
      '--claims <json>',
      'a JSON object, or @FILE with one, of claims that its tokens have besides, or none',
      orNone(parseJson),
    )
    .option('--publish-metadata', 'let anyone have its metadata from the issuer (RFC 9728)')
    .option('--no-publish-metadata', 'let nobody have its metadata from the issuer, as at first')
    .option(
      '--documentation <url>',
      'a page for its developers, which its metadata names, or none',
      parseNonEmpty,
    )
    .option('--policy-uri <url>', 'a page on what clients may do with its data, or none', parseNonEmpty)
    .option('--tos-uri <url>', 'a page with its terms of service, or none', parseNonEmpty)
    .option(
      '--authorization-details-type <type>',
      'a type of authorization details with its JSON Schema, as "TYPE @FILE" or "TYPE JSON"; repeat it for each type: together they replace all that it had; or none',
      parseDetailsType,
    );
}

function toMetadata({
  name,
  scopes,
  lifetime,
  tokenFormat,
  alg,
  introspectedBy,
  claims,
  ...options
}: ResourceOptions) {
  const types = options.authorizationDetailsType;
  return {
    resource_name: noneToNull(name),
    scopes_supported: scopes,
    access_token_lifetime: noneToNull(lifetime),
    access_token_format: noneToNull(tokenFormat),
    access_token_signing_alg: noneToNull(alg),
    introspection_client_ids: introspectedBy,
    claims: noneToNull(claims),
    metadata_published: options.publishMetadata === false ? null : options.publishMetadata,
    resource_documentation: noneToNull(options.documentation),
    resource_policy_uri: noneToNull(options.policyUri),
    resource_tos_uri: noneToNull(options.tosUri),
    authorization_details_types: types?.length === 0 ? null : types,
  };
}

function describe(resource: Resource): Answer {
  const json = describeResource(resource);
  return { json, text: recordText(json) };
}
