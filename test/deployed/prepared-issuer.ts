import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { DeployedIssuer } from '../support/deployed-issuer.ts';
import { type EmulatedFunction, emulatedFunction } from '../support/emulated-function.ts';
import type { Emulator } from '../support/emulator.ts';
import { basic } from '../support/oauth-request.ts';
import { signetJson } from '../support/signet.ts';
import { physicalIds } from './stack-resources.ts';

export const RESOURCE = 'https://api.example.com';
export const REFERENCE_RESOURCE = 'https://reference.example.com';
const CLIENT_ID = 'reporter';

/** What came of a request. */
export interface Answer {
  /** In a word or two; for HTTP it is the status. */
  readonly text: string;
  readonly body?: unknown;
}

/** An issuer that was deployed, with a client of it that may introspect its own tokens. */
export interface PreparedIssuer {
  readonly identifier: string;
  /** The function whose name in the stack begins like this. */
  functionNamed(name: string): Promise<EmulatedFunction>;
  get(path: string): Promise<Answer>;
  /** Sends a form as the client does. */
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

/** What comes with each status that is no success: a word of OAuth's, and when to come back where that helps. */
const ERRORS: Readonly<Record<number, readonly [error: string, retryAfter: string | null]>> = {
  400: ['invalid_dpop_proof', null],
  429: ['temporarily_unavailable', '1'],
  500: ['server_error', null],
  503: ['temporarily_unavailable', '2'],
};
const ErrorSchema = v.strictObject({ error: v.string(), error_description: v.string() });

/** Makes a resource of each format in a deployed issuer, and the client. */
export async function prepareIssuer(
  emulator: Emulator,
  { issuer, stack }: DeployedIssuer,
): Promise<PreparedIssuer> {
  const signet = (...args: readonly string[]) => signetJson([...args, '--stack', stack]);
  const introspected = ['--introspected-by', CLIENT_ID];
  await signet('resources', 'create', RESOURCE, ...introspected);
  await signet('resources', 'create', REFERENCE_RESOURCE, '--token-format', 'reference', ...introspected);
  const access = ['--resource', RESOURCE, '--resource', REFERENCE_RESOURCE];
  const created = await signet('clients', 'create', CLIENT_ID, ...access);
  const { client_secret } = v.parse(v.object({ client_secret: v.string() }), created);
  const functions = await physicalIds(stack, 'AWS::Lambda::Function');
  return {
    identifier: issuer,
    functionNamed(name) {
      const found = functions.find((id) => id.startsWith(`${stack}-Issuer${name}`));
      return emulatedFunction(emulator, found ?? assert.fail(`${stack} has no function ${name}`));
    },
    get: async (path) => readAnswer(await fetch(issuer + path)),
    async post(path, form, headers) {
      const request = {
        method: 'POST',
        headers: { Authorization: basic(CLIENT_ID, client_secret), ...headers },
        body: new URLSearchParams(form),
      };
      return readAnswer(await fetch(issuer + path, request));
    },
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) {
    const { error } = v.parse(ErrorSchema, body);
    assert.deepEqual([error, response.headers.get('Retry-After')], ERRORS[response.status]);
  }
  return { text: String(response.status), body };
}
