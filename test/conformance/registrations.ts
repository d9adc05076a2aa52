import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { Alg } from '../../core/jose/algorithms.ts';
import type { ConformanceTarget } from './target.ts';

/** A client as its owner knows it. */
export interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/** The resources and clients of the suite. */
export interface Registrations {
  readonly resources: Resources;
  /** The resource that is there for nothing but its algorithm; its one scope is `use`. */
  readonly resourceOf: (alg: Alg) => string;
  readonly clients: Awaited<ReturnType<typeof registerClients>>;
}

type Resources = Awaited<ReturnType<typeof registerResources>>;

/** What most clients have: all but one of the scopes of `orders`. */
export const ORDERS_SCOPE = 'orders:read orders:write';

/** Claims of a client, one of which its resource has as well. */
const CLAIMS = JSON.stringify({
  tier: 'gold',
  'https://example.com/tenant': { id: 7, names: ['acme', 'Zoë’s'], beta: true, ends: null },
});

/** Members of authorization details. */
const ACCOUNT = { actions: { type: 'array', items: { type: 'string', enum: ['read'] } } };
const PAYMENT = {
  amount: objectSchema({
    currency: { type: 'string', enum: ['EUR', 'USD'] },
    value: { type: 'number', minimum: 0.01 },
  }),
  creditor: { type: 'string', maxLength: 2_100 },
};

function objectSchema(properties: object): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function detailsType(type: string, members: object): readonly string[] {
  return ['--authorization-details-type', `${type} ${JSON.stringify(objectSchema(members))}`];
}

/** Makes all resources and clients before the first request, for an issuer may keep for a while what it has read. */
export async function register(target: ConformanceTarget): Promise<Registrations> {
  // So that the suite can run again on the same store.
  const tag = randomBytes(4).toString('hex');
  const [resources, algResources] = await Promise.all([
    registerResources(target, tag),
    registerAlgResources(target, tag),
  ]);
  const clients = await registerClients(target, tag, resources, [...algResources.values()]);
  await Promise.all([
    target.signet(['resources', 'disable', resources.closed]),
    target.signet(['resources', 'disable', resources.publishedClosed]),
    target.signet(['resources', 'update', resources.shrunk, '--scopes', 'kept']),
  ]);
  return { resources, resourceOf: (alg) => algResources.get(alg) ?? '', clients };
}

function resourceCreator({ signet }: ConformanceTarget, tag: string) {
  return async (name: string, scopes: string, ...options: readonly string[]) => {
    const resource = `https://${name}.example.com/${tag}`;
    const introspection = ['--introspected-by', `introspector-${tag}`];
    await signet(['resources', 'create', resource, '--scopes', scopes, ...introspection, ...options]);
    return resource;
  };
}

async function registerAlgResources(
  target: ConformanceTarget,
  tag: string,
): Promise<ReadonlyMap<Alg, string>> {
  const create = resourceCreator(target, tag);
  return new Map(
    await Promise.all(
      target.algs.map(async (alg) => [alg, await create(alg.toLowerCase(), 'use', '--alg', alg)] as const),
    ),
  );
}

function registerResources(target: ConformanceTarget, tag: string) {
  const create = resourceCreator(target, tag);
  return settled({
    orders: create('orders', `${ORDERS_SCOPE} orders:delete`),
    invoices: create('invoices', 'invoices:read', '--alg', 'ES256', '--lifetime', '10m'),
    stock: create('stock', 'stock:read', '--alg', 'ES384', '--lifetime', '2m'),
    mail: create('mail', 'mail:send', '--alg', 'PS256', '--introspected-by', `mail-introspector-${tag}`),
    closed: create('closed', 'closed:read'),
    closing: create('closing', 'closing:read'),
    shrunk: create('shrunk', 'kept dropped'),
    ledger: create(
      'ledger',
      'ledger:read',
      ...['--token-format', 'reference', '--lifetime', '5m', ...detailsType('account_information', ACCOUNT)],
    ),
    payments: create(
      'payments',
      'pay',
      ...[...detailsType('payment_initiation', PAYMENT), ...detailsType('refund', PAYMENT)],
    ),
    returns: create(
      'returns',
      'orders:read returns:read',
      ...['--lifetime', '5m', '--introspected-by', `mail-introspector-${tag}`],
    ),
    published: create(
      'published',
      'published:read',
      '--publish-metadata',
      '--name',
      'Published',
      '--documentation',
      'https://docs.example.com/published',
    ),
    publishedScopeless: create('published-scopeless', '', '--publish-metadata'),
    publishedClosed: create('published-closed', '', '--publish-metadata'),
    tiered: create('tiered', 'tiered:read', '--claims', '{"tier":"silver","region":"eu"}'),
  });
}

async function registerClients(
  { signet }: ConformanceTarget,
  tag: string,
  resources: Resources,
  algResources: readonly string[],
) {
  const create = async (name: string, options: readonly string[], imported?: string) => {
    const stdin = imported === undefined ? [] : ['--secret-stdin'];
    const created = await signet(['clients', 'create', `${name}-${tag}`, ...options, ...stdin], imported);
    return v.parse(CreatedClientSchema, created);
  };
  const access = (resource: string, scope: string) => ['--resource', `${resource} ${scope}`];
  const orders = access(resources.orders, ORDERS_SCOPE);
  const invoices = access(resources.invoices, 'invoices:read');
  const stock = access(resources.stock, 'stock:read');
  const mail = access(resources.mail, 'mail:send');
  const closed = access(resources.closed, 'closed:read');

  const exchange = [
    ...['--exchange-from', `${resources.orders} ${resources.ledger}`],
    ...['--exchange-to', `${resources.returns} orders:read returns:read`],
    ...['--exchange-to', `${resources.orders} ${ORDERS_SCOPE}`],
    ...['--exchange-to', `${resources.ledger} ledger:read`],
  ];

  const clients = await settled({
    shop: create('shop', [
      ...[...orders, ...invoices, ...stock, ...mail, ...closed],
      ...algResources.flatMap((resource) => access(resource, 'use')),
      ...['--default-resource', resources.orders],
    ]),
    singleResource: create('single-resource', orders),
    noDefault: create('no-default', [...invoices, ...stock, '--lifetime', '5m']),
    scopeless: create('scopeless', access(resources.orders, '')),
    shrunk: create('shrunk', access(resources.shrunk, 'kept dropped')),
    ledger: create('ledger', access(resources.ledger, 'ledger:read')),
    payer: create('payer', [
      ...[...access(resources.payments, 'pay'), ...access(resources.ledger, 'ledger:read')],
      ...['--authorization-details-types', `${resources.payments} payment_initiation`],
      ...['--authorization-details-types', `${resources.ledger} account_information`],
    ]),
    serviceAccount: create('service-account', [
      ...[...orders, ...access(resources.tiered, 'tiered:read')],
      ...['--subject', 'accounts/nightly job', '--claims', CLAIMS],
      ...['--roles', `${resources.tiered} clerk auditor`, '--roles', `${resources.orders} guest`],
      ...['--groups', `${resources.tiered} nightly`],
    ]),
    several: create('several', [
      ...[...orders, ...access(resources.returns, 'orders:read returns:read'), ...invoices, ...closed],
      ...access(resources.tiered, 'tiered:read'),
    ]),
    exchanger: create('exchanger', [...invoices, ...exchange]),
    impersonator: create('impersonator', [...exchange, '--impersonate']),
    delegator: create('delegator', [...orders, '--may-act', `exchanger-${tag}`]),
    introspector: create('introspector', []),
    mailIntrospector: create('mail-introspector', []),
    basicOnly: create('basic-only', [...orders, '--auth-method', 'client_secret_basic']),
    postOnly: create('post-only', [...orders, '--auth-method', 'client_secret_post']),
    dpopBound: create('dpop-bound', [...orders, '--dpop-bound']),
    public: create('public', [...orders, '--auth-method', 'none']),
    expired: create('expired', [...orders, '--secret-expires-in', '1s']),
    disabled: create('disabled', orders),
    deleted: create('deleted', orders),
    revoked: create('revoked', orders),
    overlapping: create('overlapping', orders),
    toDisable: create('to-disable', orders),
    toDelete: create('to-delete', orders),
    tokensRevoked: create('tokens-revoked', orders),
    ofClosing: create('of-closing', access(resources.closing, 'closing:read')),
    // Secrets of other issuers, which say one thing as they stand and another percent-decoded (RFC 6749 §2.3.1).
    escapes: create('escapes', orders, 'a+b%2Bc%41&d=e/f?g~h%25i:j k"l\\m%20n'),
    brokenEscapes: create('50%+co&sons=1 ', orders, "100%+zz%zz%&=!*()'#$,;@[]^`{|}<>%"),
    colon: create('urn:example:100%25', orders, 'colon:secret%3Aplus+and&more;0123456'),
  });
  const { disabled, deleted, revoked, overlapping, expired } = clients;
  const [secret] = revoked.client_secrets;
  const [second] = await Promise.all([
    signet(['clients', 'secrets', 'add', overlapping.client_id]),
    signet(['clients', 'disable', disabled.client_id]),
    signet(['clients', 'delete', deleted.client_id]),
    signet(['clients', 'secrets', 'revoke', revoked.client_id, secret?.secret_id ?? '']),
    untilPast(expired.client_secret_expires_at),
  ]);
  return { ...clients, secondOfOverlapping: v.parse(CreatedClientSchema, second) };
}

/** What `signet` says of a client or secret that it made; a public client has no secret, so a guess stands for it. */
const CreatedClientSchema = v.object({
  client_id: v.string(),
  client_secret: v.optional(v.string(), 'signet_secret_of_a_client_that_has_none'),
  client_secret_expires_at: v.optional(v.number(), 0),
  client_secrets: v.optional(v.array(v.object({ secret_id: v.string() })), []),
});

/** Waits for all members of an object. */
async function settled<T>(members: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const entries = Object.entries(members as object).map(async ([name, value]) => [name, await value]);
  return Object.fromEntries(await Promise.all(entries));
}

async function untilPast(secondsSinceEpoch: number): Promise<void> {
  await sleep(Math.max(0, secondsSinceEpoch * 1000 - Date.now()));
}
