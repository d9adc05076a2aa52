import type { OutgoingHttpHeaders } from 'node:http';
import * as v from 'valibot';
import { type Credentials, type Registrations, register } from './registrations.ts';
import type { ConformanceTarget } from './target.ts';
import { type Answer, Wire } from './wire.ts';

/** The endpoints that take a form by POST, as the metadata names them (RFC 8414 §2). */
export const FORM_ENDPOINTS = ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint'] as const;

export type FormEndpoint = (typeof FORM_ENDPOINTS)[number];

/** Parameters that stand once each, or a body as it is. */
type Form = Readonly<Record<string, string>> | string | Uint8Array;

/** What every file of the suite works with: an issuer, the clients that it has, and how to ask it. */
export interface Suite extends Registrations {
  readonly target: ConformanceTarget;
  readonly issuer: string;
  readonly wire: Wire;
  readonly metadata: Metadata;
  /** Posts a form, by default as the content type that forms have. */
  post(endpoint: FormEndpoint, form: Form, headers?: OutgoingHttpHeaders, query?: string): Promise<Answer>;
  /** Posts a form of a client that authenticates by `client_secret_basic`. */
  postAs(client: Credentials, endpoint: FormEndpoint, form: Form): Promise<Answer>;
  /** Asks for a token by the client credentials grant. */
  requestToken(client: Credentials, parameters?: Readonly<Record<string, string>>): Promise<Answer>;
}

const MetadataSchema = v.object({
  issuer: v.string(),
  token_endpoint: v.string(),
  introspection_endpoint: v.string(),
  revocation_endpoint: v.string(),
  jwks_uri: v.string(),
});

type Metadata = v.InferOutput<typeof MetadataSchema>;

/** Registers what the suite needs, and finds the issuer's endpoints as clients do. */
export async function openSuite(target: ConformanceTarget): Promise<Suite> {
  const wire = new Wire();
  const registrations = await register(target);
  const document = await wire.send(`${target.issuer}/.well-known/oauth-authorization-server`);
  const metadata = v.parse(MetadataSchema, JSON.parse(document.text));

  const post: Suite['post'] = (endpoint, form, headers = {}, query = '') =>
    wire.send(metadata[endpoint] + query, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body:
        typeof form === 'string' || form instanceof Uint8Array ? form : new URLSearchParams(form).toString(),
    });
  const postAs: Suite['postAs'] = (client, endpoint, form) =>
    post(endpoint, form, { Authorization: basic(client) });
  return {
    target,
    issuer: target.issuer,
    wire,
    metadata,
    ...registrations,
    post,
    postAs,
    requestToken: (client, parameters = {}) =>
      postAs(client, 'token_endpoint', { grant_type: 'client_credentials', ...parameters }),
  };
}

/** The `Authorization` header of a client, percent-encoded as RFC 6749 §2.3.1 asks. */
export function basic({ client_id, client_secret }: Credentials): string {
  const [id, secret] = [client_id, client_secret].map((part) =>
    new URLSearchParams([['', part]]).toString().slice(1),
  );
  return `Basic ${btoa(`${id}:${secret}`)}`;
}

/** The `Authorization` header of a client, as RFC 7617 has it: id and secret as they stand. */
export function rawBasic({ client_id, client_secret }: Credentials): string {
  return `Basic ${btoa(`${client_id}:${client_secret}`)}`;
}
