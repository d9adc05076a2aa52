import * as v from 'valibot';
import { basic } from './oauth-request.ts';

/** What a client authenticates with. */
export interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
}

const IntrospectionResponse = v.looseObject({ active: v.boolean() });

/** Posts a form to an endpoint, authenticated by Basic. */
export function postForm(
  endpoint: string,
  { client_id, client_secret }: Credentials,
  parameters: Readonly<Record<string, string>>,
): Promise<Response> {
  const headers = { Authorization: basic(client_id, client_secret) };
  return fetch(endpoint, { method: 'POST', headers, body: new URLSearchParams(parameters) });
}

/** Asks the issuer about a token. */
export async function requestIntrospection(
  url: string,
  credentials: Credentials,
  token: string,
): Promise<v.InferOutput<typeof IntrospectionResponse>> {
  const response = await postForm(`${url}/introspect`, credentials, { token });
  return v.parse(IntrospectionResponse, await response.json());
}
