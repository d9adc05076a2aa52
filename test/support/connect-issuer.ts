import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import * as v from 'valibot';
import { startEmbeddedIssuer } from './embedded-issuer.ts';
import { runSignet, signetJson } from './signet.ts';

/** An issuer as its clients see it: they know its identifier and what their operator gave them. */
export interface ConnectedIssuer {
  /** The issuer identifier: everything else is found from it. */
  readonly issuer: string;
  /** An id and a secret that each encoding of Basic credentials writes in another way (RFC 6749 §2.3.1, RFC 7617 §2). */
  readonly client_id: string;
  readonly client_secret: string;
  /** The client's default resource, where it may `read` and `write`; it may introspect the tokens for it. */
  readonly resource: string;
  /** Another one, where it may only `read`, and whose tokens are signed with ES256 instead of RS256. */
  readonly otherResource: string;
  /** One whose tokens are as those of the default one, where it may only `read`. */
  readonly alikeResource: string;
  /** A third one, where it may only `read`, by reference tokens; it may introspect these too. */
  readonly referenceResource: string;
}

/**
 * Connects a test to an issuer, an embedded one that ends with the test.
 *
 * All names are new ones, so that an issuer with other clients serves as well.
 */
export async function connectIssuer(t: TestContext): Promise<ConnectedIssuer> {
  const { issuer, folder, stop } = await startEmbeddedIssuer({ args: ['--algs', 'RS256,ES256'] });
  t.after(stop);
  const store = ['--data', folder];

  const unique = randomUUID();
  const client_id = `interop/${unique}+%7E`;
  const client_secret = `%2F+ &=:${unique}`;
  const resource = `https://${unique}.example.com`;
  const otherResource = `https://other-${unique}.example.com`;
  const alikeResource = `https://alike-${unique}.example.com`;
  const referenceResource = `https://reference-${unique}.example.com`;
  const introspection = ['--introspected-by', client_id];
  await Promise.all([
    signetJson(['resources', 'create', resource, '--scopes', 'read write', ...introspection, ...store]),
    signetJson(['resources', 'create', otherResource, '--scopes', 'read', '--alg', 'ES256', ...store]),
    signetJson(['resources', 'create', alikeResource, '--scopes', 'read', ...store]),
    signetJson([
      ...['resources', 'create', referenceResource, '--scopes', 'read', '--token-format', 'reference'],
      ...[...introspection, ...store],
    ]),
  ]);
  const others = [otherResource, alikeResource, referenceResource].flatMap((other) => [
    '--resource',
    `${other} read`,
  ]);
  const access = ['--resource', `${resource} read write`, ...others];
  const client = ['clients', 'create', client_id, ...access, '--default-resource', resource];
  const { exitCode, stderr } = await runSignet([...client, '--secret-stdin', ...store], {}, client_secret);
  assert.equal(exitCode, 0, stderr);
  return { issuer, client_id, client_secret, resource, otherResource, alikeResource, referenceResource };
}

const TokenResponseSchema = v.object({ access_token: v.string() });

/** Gets a token without any library, for the tests of those that only verify. */
export async function requestAccessToken(
  { issuer, client_id, client_secret }: Pick<ConnectedIssuer, 'issuer' | 'client_id' | 'client_secret'>,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id, client_secret, ...parameters };
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return v.parse(TokenResponseSchema, await response.json()).access_token;
}
