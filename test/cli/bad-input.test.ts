import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { ALGS } from '../../core/jose/algorithms.ts';
import { callSignet, type SignetOnStore, signetOnNewStore } from '../support/signet-in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const API = 'https://api.example.com';

/** What a command refuses, and what it says of it, on a store with the resource API (read, write) and the client shop. */
const REFUSED: readonly (readonly [readonly string[], string, string])[] = [
  ...['api.example.com', '/api', `${API}#part`, 'https://api example.com', 'https://', ''].map(
    (resource) =>
      [
        ['resources', 'create', resource],
        'invalid_request',
        `command-argument value '${resource}' is invalid for argument 'resource'. A resource is an absolute URI without a fragment, such as https://api.example.com (RFC 8707)`,
      ] as const,
  ),
  ...['', 'é', 'a\tb'].map(
    (client_id) =>
      [
        ['clients', 'create', client_id],
        'invalid_request',
        `command-argument value '${client_id.replace('\t', '\\u0009')}' is invalid for argument 'client_id'. A client_id is printable ASCII`,
      ] as const,
  ),
  ...['1w', '-5s', '1.5h', 'h', '', '99999999999'].map(
    (lifetime) =>
      [
        ['clients', 'update', 'shop', '--lifetime', lifetime],
        'invalid_request',
        `option '--lifetime <duration>' argument '${lifetime}' is invalid. A duration is a number with a unit: 90s, 15m, 1h or 30d`,
      ] as const,
  ),
  [
    ['clients', 'update', 'shop', '--lifetime', '59s'],
    'invalid_client_metadata',
    'access_token_lifetime: a token lives at least 60 seconds',
  ],
  [
    ['resources', 'update', API, '--lifetime', '2d'],
    'invalid_client_metadata',
    'access_token_lifetime: a token lives at most 86400 seconds',
  ],
  [['resources', 'create', API], 'conflict', `there is a resource ${API} already`],
  [['clients', 'create', 'shop'], 'conflict', 'there is a client shop already'],
  [
    ['clients', 'show', 'nobody'],
    'not_found',
    'there is no client nobody: signet clients list shows those there are',
  ],
  ...['show', 'update', 'disable', 'enable', 'delete'].map(
    (command) =>
      [
        ['resources', command, 'urn:nothing'],
        'not_found',
        'there is no resource urn:nothing: signet resources list shows those there are',
      ] as const,
  ),
  [
    ['clients', 'secrets', 'revoke', 'shop', 'nosecret'],
    'not_found',
    'the client has no secret nosecret: signet clients secrets list shows those it has',
  ],
  [
    ['clients', 'create', '--resource', 'urn:nothing read'],
    'invalid_client_metadata',
    'resources: there is no resource urn:nothing: create it first',
  ],
  [
    ['clients', 'create', '--resource', `${API} read admin`],
    'invalid_client_metadata',
    `resources: ${API} has no scope admin`,
  ],
  [
    ['clients', 'create', '--resource', `${API} read`, '--resource', `${API} write`],
    'invalid_client_metadata',
    'resources: a resource stands in the list twice',
  ],
  [
    ['clients', 'create', '--resource', ' '],
    'invalid_request',
    "option '--resource <access>' argument ' ' is invalid. Write the resource, then its scopes with spaces between, or none",
  ],
  [
    ['clients', 'update', 'shop', '--default-resource', API],
    'invalid_client_metadata',
    'default_resource: it is none of the resources of the client',
  ],
  [
    ['clients', 'update', 'shop', '--auth-method', 'client_secret_digest'],
    'invalid_request',
    "option '--auth-method <method>' argument 'client_secret_digest' is invalid. Allowed choices are client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none, any",
  ],
  [
    ['clients', 'update', 'shop', '--auth-method', 'private_key_jwt'],
    'invalid_client_metadata',
    'jwks: a client with private_key_jwt needs its public keys',
  ],
  [
    ['clients', 'update', 'shop', '--jwks', '/nowhere/keys.json'],
    'invalid_request',
    '/nowhere/keys.json cannot be read: name a file that can, or - for standard input',
  ],
  [
    ['clients', 'update', 'shop', '--certificate', 'README.md'],
    'invalid_request',
    'README.md has no certificate in it: give one in PEM',
  ],
  [
    ['clients', 'update', 'shop', '--jwks', 'README.md'],
    'invalid_request',
    'README.md has no JSON in it: give a JWK Set or one JWK, of public keys',
  ],
  [
    ['clients', 'update', 'shop', '--jwks', 'package.json'],
    'invalid_client_metadata',
    'jwks.keys: a JWK Set has an array of keys (RFC 7517 section 5)',
  ],
  [
    ['clients', 'update', 'shop', '--name', ''],
    'invalid_request',
    "option '--name <name>' argument '' is invalid. It is empty: write a value, or leave the option out",
  ],
  [
    ['clients', 'update', 'shop', '--name', 'x'.repeat(201)],
    'invalid_client_metadata',
    'client_name: a name has at most 200 characters',
  ],
  ...['{', 'tenant=acme', '', '@', '@no-such-file.json'].map(
    (claims) =>
      [
        ['clients', 'update', 'shop', '--claims', claims],
        'invalid_request',
        `option '--claims <json>' argument '${claims}' is invalid. It is no JSON, and no @ with the name of a file that has some`,
      ] as const,
  ),
  [
    ['clients', 'update', 'shop', '--claims', '["tenant"]'],
    'invalid_client_metadata',
    'claims: claims are a JSON object',
  ],
  [
    ['clients', 'update', 'shop', '--claims', '{"sub":"admin"}'],
    'invalid_client_metadata',
    'claims: the claim sub is reserved',
  ],
  [
    ['resources', 'update', API, '--claims', '{"__proto__":{"active":true}}'],
    'invalid_client_metadata',
    'claims: a claim cannot have the name __proto__',
  ],
  [
    ['clients', 'update', 'shop', '--roles', `${API} clerk`],
    'invalid_client_metadata',
    `roles: the client has no resource ${API}`,
  ],
  [
    ['clients', 'update', 'shop', '--resource', API, '--authorization-details-types', `${API} payment`],
    'invalid_client_metadata',
    `authorization_details_types: ${API} has no type payment`,
  ],
  ...['', 'payment', 'payment ', '{}'].map(
    (type) =>
      [
        ['resources', 'update', API, '--authorization-details-type', type],
        'invalid_request',
        `option '--authorization-details-type <type>' argument '${type}' is invalid. Write the type, a space, and its JSON Schema or @ with the name of a file`,
      ] as const,
  ),
  [
    [
      'resources',
      'update',
      API,
      '--authorization-details-type',
      'payment {"type":"string","pattern":"^a+$"}',
    ],
    'invalid_client_metadata',
    'authorization_details_types.0.schema.pattern: is not of the JSON Schema that Signet has: type object (with properties and additionalProperties false), array, string, number, integer or boolean',
  ],
  [
    ['clients', 'update', 'shop', '--subject', ''],
    'invalid_request',
    "option '--subject <subject>' argument '' is invalid. It is empty: write a value, or leave the option out",
  ],
  [
    ['clients', 'secrets', 'add', 'shop', '--secret-expires-in', '0s'],
    'invalid_client_metadata',
    'a secret lives a whole number of seconds, ten years at most',
  ],
  [
    ['resources', 'update', API],
    'invalid_client_metadata',
    'nothing is to be changed: say what, as --help tells',
  ],
  [
    ['resources', 'update', API, '--alg', 'HS256'],
    'invalid_request',
    `option '--alg <alg>' argument 'HS256' is invalid. Allowed choices are ${ALGS.join(', ')}, none`,
  ],
  [
    ['resources', 'update', API, '--alg', 'ES384'],
    'invalid_client_metadata',
    'access_token_signing_alg: the issuer has no ES384 key yet: add ES384 to its algorithms first',
  ],
  [
    ['resources', 'update', API, '--scopes', 'read "write"'],
    'invalid_client_metadata',
    'scopes_supported.1: a scope is printable ASCII without space, quote and backslash',
  ],
  [
    ['resources', 'update', API, '--scopes', 'read read'],
    'invalid_client_metadata',
    'scopes_supported: a scope stands in the list twice',
  ],
];

describe('signet, given what it cannot do', () => {
  const pathOf = temporaryFolder();
  let signet: SignetOnStore;
  before(async () => {
    signet = signetOnNewStore(pathOf());
    await signet.json('resources', 'create', API, '--scopes', 'read write');
    await signet.json('clients', 'create', 'shop');
  });

  for (const [args, error, sentence] of REFUSED) {
    it(`refuses: signet ${args.join(' ')}`, async () => {
      const inWords = { exitCode: 2, stdout: '', stderr: `signet: ${sentence}\n` };
      assert.deepEqual(await signet.run(...args), inWords);
      const { exitCode, stdout, stderr } = await signet.run(...args, '--json');
      assert.deepEqual([exitCode, stdout], [2, '']);
      const error_description = sentence.replace('\\u0009', '\t');
      assert.deepEqual(JSON.parse(stderr), { error, error_description });
    });
  }

  it('changes nothing when it refuses', async () => {
    const before = [await signet.json('clients', 'list'), await signet.json('resources', 'list')];
    for (const [args] of REFUSED) await signet.run(...args);
    assert.deepEqual([await signet.json('clients', 'list'), await signet.json('resources', 'list')], before);
  });

  it('says of a folder without a store how to make one', async () => {
    const folder = pathOf('elsewhere');
    const error_description = `there is no store in ${folder}: npm start makes one, and --data names another folder`;
    const failed = { exitCode: 2, stdout: '', stderr: `signet: ${error_description}\n` };
    assert.deepEqual(await callSignet(['clients', 'list', '--data', folder]), failed);
    const json = `${JSON.stringify({ error: 'not_found', error_description })}\n`;
    assert.deepEqual(await callSignet(['clients', 'create', '--json', '--data', folder]), {
      ...failed,
      stderr: json,
    });
  });

  it('says of a file that it is no folder with a store', async () => {
    const file = pathOf('file');
    await writeFile(file, '');
    const sentence = `there is no store in ${file}: npm start makes one, and --data names another folder`;
    const failed = { exitCode: 2, stdout: '', stderr: `signet: ${sentence}\n` };
    assert.deepEqual(await callSignet(['clients', 'list', '--data', file]), failed);
  });
});

describe('signet, with a store that is damaged', () => {
  const pathOf = temporaryFolder();

  it('ends with 1 and a sentence, and leaves the store as it is', async () => {
    const damaged = 'no database at all'.repeat(100);
    await writeFile(pathOf('signet.sqlite'), damaged);
    const sentence = `the store in ${pathOf()} is damaged: put a copy of it in its place, or move it away to begin with an empty one`;
    const failed = { exitCode: 1, stdout: '', stderr: `signet: ${sentence}\n` };
    assert.deepEqual(await callSignet(['clients', 'list', '--data', pathOf()]), failed);
    assert.equal(await readFile(pathOf('signet.sqlite'), 'utf8'), damaged);
  });
});
