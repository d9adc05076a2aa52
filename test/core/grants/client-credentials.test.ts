import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseForm } from '../../../core/form.ts';
import { chooseGrant } from '../../../core/grants/choose-grant.ts';
import { clientCredentials } from '../../../core/grants/client-credentials.ts';
import { formatScope } from '../../../core/scope.ts';
import { makeClient, makeResource } from '../../support/records.ts';

const RESOURCE = 'https://api.example.com';

describe('chooseGrant', () => {
  const client = makeClient('backend', { grant_types: ['client_credentials'] });

  it('finds the client credentials grant (RFC 6749 §4.4.2)', () => {
    assert.equal(chooseGrant(parseForm('grant_type=client_credentials'), client), clientCredentials);
  });

  it('asks for a grant_type (RFC 6749 §5.2)', () => {
    for (const body of ['', 'grant_type=', 'GRANT_TYPE=client_credentials']) {
      assert.throws(() => chooseGrant(parseForm(body), client), {
        code: 'invalid_request',
        description: 'grant_type is missing from the body (RFC 6749 section 4.4.2)',
      });
    }
  });

  for (const grant_type of [
    'password',
    'authorization_code',
    'Client_Credentials',
    'constructor',
    '__proto__',
    ' ',
  ]) {
    it(`does not support the grant type "${grant_type}" (RFC 6749 §5.2)`, () => {
      assert.throws(() => chooseGrant(parseForm(`grant_type=${grant_type}`), client), {
        code: 'unsupported_grant_type',
        description:
          'grant_type is one of: client_credentials, urn:ietf:params:oauth:grant-type:token-exchange',
      });
    });
  }

  it('refuses a client that is not registered for the grant (RFC 6749 §5.2)', () => {
    assert.throws(() => chooseGrant(parseForm('grant_type=client_credentials'), makeClient('backend')), {
      code: 'unauthorized_client',
      description: 'the client is not registered for the grant client_credentials',
    });
  });
});

describe('the client credentials grant', () => {
  const resource = makeResource(RESOURCE, { scopes_supported: ['read', 'write', 'admin'] });
  const client = makeClient('backend', {
    resources: [
      { resource: 'https://other.example.com', scope: ['admin'] },
      { resource: RESOURCE, scope: ['read', 'write', 'dropped'] },
    ],
  });
  const authorize = (body: string) => clientCredentials.authorize(client, [resource], parseForm(body));

  it('authorizes for the client and resource it is given', () => {
    const authorization = authorize('scope=read');
    assert.equal(authorization.client, client);
    assert.deepEqual(authorization.resources, [resource]);
  });

  for (const [what, body, scope] of [
    ['all that the client may have and the resource still knows, when none is asked for', '', 'read write'],
    ['what is asked for', 'scope=write', 'write'],
    ['what is asked for, once', 'scope=write+read+write', 'write read'],
  ] as const) {
    it(`gives the scope: ${what} (RFC 6749 §3.3)`, () => {
      assert.equal(formatScope(authorize(body).scope), scope);
    });
  }

  for (const [what, asked, excess] of [
    ['a scope of the resource that the client was not given', 'read admin', 'admin'],
    ['a scope that the resource no longer knows', 'dropped read', 'dropped'],
    ['scopes that nobody knows', 'delete read drop', 'delete drop'],
    ['a scope in other letters', 'Read', 'Read'],
  ] as const) {
    it(`refuses ${what}, rather than leave it out (RFC 6749 §5.2)`, () => {
      assert.throws(() => authorize(`scope=${asked}`), {
        code: 'invalid_scope',
        description: `the client may not have this scope at this resource: ${excess}`,
      });
    });
  }

  describe('for several resources', () => {
    const other = makeResource('https://other.example.com', { scopes_supported: ['admin', 'write'] });
    const of = (...scope: readonly string[]) =>
      makeClient('backend', {
        resources: [
          { resource: RESOURCE, scope: ['read', 'write', 'admin'] },
          { resource: 'https://other.example.com', scope },
        ],
      });
    const both = [resource, other] as const;

    it('gives the scope that the client may have at each when none is asked for (RFC 8707 §2.2)', () => {
      const { scope, resources } = clientCredentials.authorize(of('admin', 'write'), both, parseForm(''));
      assert.deepEqual([...scope].sort(), ['admin', 'write']);
      assert.deepEqual(resources, both);
      assert.equal(clientCredentials.authorize(of(), both, parseForm('')).scope.size, 0);
    });

    for (const [what, asked, excess] of [
      ['that the client may have at one alone', 'admin write', 'write'],
      ['that one alone knows', 'read admin', 'read'],
    ] as const) {
      it(`refuses a scope ${what} (RFC 8707 §2.2)`, () => {
        const description = `the client may not have this scope at each of these resources: ${excess}`;
        const refused = { code: 'invalid_scope', description };
        const parameters = parseForm(`scope=${encodeURIComponent(asked)}`);
        assert.throws(() => clientCredentials.authorize(of('admin', 'read'), both, parameters), refused);
      });
    }
  });

  it('gives no scope to a client that was given none at the resource', () => {
    const sparse = makeClient('backend');
    const { scope } = clientCredentials.authorize(sparse, [resource], parseForm(''));
    assert.equal(scope.size, 0);
  });
});
