import { basic } from '../test/support/oauth-request.ts';
import type { MeasuredServer } from './contenders/measured-server.ts';

/** The same server, asked what a token says. */
export function asksForIntrospection(server: MeasuredServer, token: string): MeasuredServer {
  return { ...server, url: server.url.replace('/token', '/introspect'), form: `token=${token}` };
}

/** A token of a server's. */
export async function tokenOf({ url, form, client }: MeasuredServer): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: basic(client.client_id, client.client_secret) },
    body: new URLSearchParams(form),
  });
  const { access_token } = (await response.json()) as { readonly access_token: string };
  return access_token;
}
