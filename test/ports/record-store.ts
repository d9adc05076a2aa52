import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../../core/client.ts';
import type { ManagementPorts } from '../../core/management/ports.ts';
import type { RecordStore } from '../../core/ports/record-store.ts';
import type { Resource } from '../../core/resource.ts';
import { eventually } from '../support/eventually.ts';
import { clientId, makeClient, makeResource, resourceIdentifier } from '../support/records.ts';

/** The two record stores of an adapter, both empty. */
export type RecordStores = Pick<ManagementPorts, 'clients' | 'resources'>;

/** How the contract makes and knows records of one kind. */
interface Kind<Id extends string, Item extends { readonly version: number }> {
  open(stores: RecordStores): RecordStore<Id, Item>;
  make(id: string, members?: object): Item;
  identify(item: Item): Id;
  parseId(id: string): Id;
  /** Every member that a record can have. */
  readonly allMembers: object;
  /** A member that racing changes make different. */
  readonly name: keyof Item & string;
  /** Identifiers that sort otherwise by length, by number, without case or in a locale, or look like the syntax of a store. */
  readonly ids: readonly string[];
}

const CLIENTS: Kind<Client['client_id'], Client> = {
  open: ({ clients }) => clients,
  make: makeClient,
  identify: (client) => client.client_id,
  parseId: clientId,
  allMembers: {
    client_name: 'Zoë’s “backend”',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    resources: [
      { resource: 'https://api.example.com', scope: ['write', 'read'] },
      { resource: 'urn:example:empty', scope: [] },
    ],
    default_resource: 'https://api.example.com',
    access_token_lifetime: 600,
    subject: 'accounts/backend',
    claims: { tenant: { 'Zoë’s': [1, -0.5, 1e-100, 2 ** 53 - 1, null, true, '\0', {}, []] }, empty: '' },
    roles: [{ resource: 'https://api.example.com', values: ['clerk', 'auditor'] }],
    groups: [{ resource: 'urn:example:empty', values: [] }],
    client_secrets: [
      {
        secret_id: 'old',
        sha256: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
        created_at: 1,
        expires_at: 2,
      },
      { secret_id: 'new', sha256: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', created_at: 3 },
    ],
    registration: {
      initial_access_token_id: 'a'.repeat(43),
      policy: {
        resources: [{ resource: 'https://api.example.com', scope: ['read'] }],
        token_endpoint_auth_methods: ['client_secret_basic'],
      },
      sha256: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
    },
    enabled: false,
  },
  name: 'client_name',
  ids: [
    ...['a', 'B', 'b', 'Z', '~', '!', ' ', 'a b', 'a-', 'a.', 'a0', '9', '10', '010', 'a'.repeat(255)],
    ...['__proto__', 'constructor', "'; --", '%', '*', '_', '"', '\\', '#', 'client#a', 'resource#a', '{}'],
  ],
};

const RESOURCES: Kind<Resource['resource'], Resource> = {
  open: ({ resources }) => resources,
  make: makeResource,
  identify: (resource) => resource.resource,
  parseId: resourceIdentifier,
  allMembers: {
    resource_name: 'Zoë’s “API”',
    scopes_supported: ['write', 'read'],
    access_token_lifetime: 600,
    access_token_signing_alg: 'ES384',
    introspection_client_ids: ['gateway', 'a b'],
    claims: { tier: 'silver' },
    enabled: false,
  },
  name: 'resource_name',
  ids: [
    ...['https://a', 'https://a/', 'https://a/b', 'https://a-b', 'https://a.b', 'https://a:1', 'https://A'],
    ...['https://b', 'http://z', 'urn:a', 'URN:B', 'urn:9', 'urn:10', 'urn:%25', "urn:'--", 'client:a'],
    `https://a/${'a'.repeat(502)}`,
  ],
};

/** Holds the ClientStore and the ResourceStore of an adapter to what the port promises. */
export function recordStoreContract(adapter: string, openEmpty: () => Promise<RecordStores>): void {
  describe(`ClientStore on ${adapter}`, () => contract(CLIENTS, openEmpty));
  describe(`ResourceStore on ${adapter}`, () => contract(RESOURCES, openEmpty));

  it(`keeps clients and resources on ${adapter} apart, also under one identifier`, async () => {
    const { clients, resources } = await openEmpty();
    const client = makeClient('urn:a');
    const resource = makeResource('urn:a');
    assert.equal(await clients.create(client), true);
    assert.equal(await resources.find(resource.resource), undefined);
    assert.equal(await resources.create(resource), true);
    assert.equal(await clients.remove(client), true);
    assert.deepEqual(await resources.find(resource.resource), resource);
  });
}

function contract<Id extends string, Item extends { readonly version: number }>(
  kind: Kind<Id, Item>,
  openEmpty: () => Promise<RecordStores>,
): void {
  const { make, identify } = kind;
  const openStore = async () => kind.open(await openEmpty());
  const [id = ''] = kind.ids;

  it('finds what was created, member by member, and nothing where nothing was', async () => {
    const store = await openStore();
    const sparse = make(id);
    const full = make(`${id}b`, kind.allMembers);
    assert.equal(await store.create(sparse), true);
    assert.equal(await store.create(full), true);
    assert.deepEqual(await store.find(identify(sparse)), sparse);
    assert.deepEqual(await store.find(identify(full)), full);
    assert.equal(await store.find(kind.parseId(`${id}c`)), undefined);
  });

  it('refuses to create what is there, and leaves it as it is', async () => {
    const store = await openStore();
    const item = make(id);
    await store.create(item);
    assert.equal(await store.create(make(id, kind.allMembers)), false);
    assert.deepEqual(await store.find(identify(item)), item);
  });

  it('replaces a record as a whole: members that the new version lacks are gone', async () => {
    const store = await openStore();
    await store.create(make(id, kind.allMembers));
    const changed = make(id, { version: 2 });
    assert.equal(await store.replace(changed), true);
    assert.deepEqual(await store.find(identify(changed)), changed);
  });

  for (const [what, version] of [
    ['the same version again', 2],
    ['an older version', 1],
    ['a version after the next', 4],
  ] as const) {
    it(`refuses to replace a record by ${what}, and leaves it as it is`, async () => {
      const store = await openStore();
      await store.create(make(id));
      const latest = make(id, { version: 2 });
      await store.replace(latest);
      assert.equal(await store.replace(make(id, { ...kind.allMembers, version })), false);
      assert.deepEqual(await store.find(identify(latest)), latest);
    });
  }

  it('refuses to replace or remove what is not there, and makes nothing', async () => {
    const store = await openStore();
    const item = make(id);
    assert.equal(await store.replace(make(id, { version: 2 })), false);
    assert.equal(await store.remove(item), false);
    assert.equal(await store.find(identify(item)), undefined);
  });

  it('removes the version it is told and no other; then the identifier is free again', async () => {
    const store = await openStore();
    const stale = make(id);
    const latest = make(id, { version: 2 });
    await store.create(stale);
    await store.replace(latest);
    assert.equal(await store.remove(stale), false);
    assert.deepEqual(await store.find(identify(latest)), latest);
    assert.equal(await store.remove(latest), true);
    assert.equal(await store.find(identify(latest)), undefined);
    assert.equal(await store.create(stale), true);
  });

  for (const racers of [2, 25]) {
    it(`lets one of ${racers} racing creations of one identifier win`, async () => {
      const store = await openStore();
      const items = Array.from({ length: racers }, (_, n) => make(id, { [kind.name]: `racer ${n}` }));
      const won = await winners(items, (item) => store.create(item));
      assert.equal(won.length, 1);
      assert.deepEqual(await store.find(kind.parseId(id)), won[0]);
    });

    it(`lets one of ${racers} racing replacements of one version win`, async () => {
      const store = await openStore();
      await store.create(make(id));
      const items = Array.from({ length: racers }, (_, n) =>
        make(id, { [kind.name]: `racer ${n}`, version: 2 }),
      );
      const won = await winners(items, (item) => store.replace(item));
      assert.equal(won.length, 1);
      assert.deepEqual(await store.find(kind.parseId(id)), won[0]);
    });
  }

  it('lets one of a replacement and a removal that race win', async () => {
    const store = await openStore();
    const item = make(id);
    await store.create(item);
    const changed = make(id, { version: 2 });
    const [replaced, removed] = await Promise.all([store.replace(changed), store.remove(item)]);
    assert.equal(replaced, !removed);
    assert.deepEqual(await store.find(identify(item)), replaced ? changed : undefined);
  });

  it('lists nothing when it is empty', async () => {
    const store = await openStore();
    assert.deepEqual(await store.list(10), { items: [] });
  });

  it('lists all records in the order of their identifiers, page by page, none twice', async () => {
    const store = await openStore();
    const items = kind.ids.map((each) => make(each, kind.allMembers));
    for (const item of items) assert.equal(await store.create(item), true);
    const sorted = items.toSorted((a, b) => (identify(a) < identify(b) ? -1 : 1));
    for (const limit of [1, 4, items.length, items.length + 1]) {
      await eventually(async () => assert.deepEqual(await listPages(store, limit), sorted));
    }
  });

  it('continues a listing where it was, also when records came and went meanwhile', async () => {
    const store = await openStore();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => make(id + letter));
    assert.ok(a && b && c && d);
    for (const item of [b, c, d]) await store.create(item);
    await eventually(async () => {
      assert.deepEqual(await store.list(1), { items: [b], next: identify(b) });
    });
    await store.remove(b);
    await store.create(a);
    await eventually(async () => {
      assert.deepEqual(await store.list(2, identify(b)), { items: [c, d] });
      assert.deepEqual(await store.list(1), { items: [a], next: identify(a) });
    });
  });

  it('lists a record as it was last replaced, and not when it was removed', async () => {
    const store = await openStore();
    const removed = make(`${id}b`);
    const latest = make(id, { ...kind.allMembers, version: 2 });
    await store.create(make(id));
    await store.create(removed);
    await store.replace(latest);
    await store.remove(removed);
    await eventually(async () => assert.deepEqual(await store.list(10), { items: [latest] }));
  });
}

async function winners<Item>(
  items: readonly Item[],
  attempt: (item: Item) => Promise<boolean>,
): Promise<readonly Item[]> {
  const outcomes = await Promise.all(items.map(attempt));
  return items.filter((_, index) => outcomes[index]);
}

/** All records by pages of at most `limit`; the last page is the one that names no next. */
async function listPages<Id, Item extends { readonly version: number }>(
  store: RecordStore<Id, Item>,
  limit: number,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let after: Id | undefined, more = true; more; more = after !== undefined) {
    const page = await store.list(limit, after);
    assert.ok(page.items.length <= limit, `a page of ${limit} has ${page.items.length} records`);
    all.push(...page.items);
    after = page.next;
  }
  return all;
}
