import { ENDPOINT_PATHS } from '../../core/metadata.ts';
import type { FirstClient } from './first-client.ts';

/** What a person reads when the issuer is ready: where it is, and with a first client, the next two commands. */
export function welcome(issuer: string, folder: string, client: FirstClient | undefined): string {
  const ready = `Signet is ready at ${issuer} and keeps its data in ${folder}. Ctrl-C ends it.\n`;
  return client ? `${ready}\n${firstToken(issuer, client)}` : ready;
}

/** How to get a token with a client that was just made, and how to verify it. */
export function firstToken(
  issuer: string,
  { client_id, client_secret, resource, scope }: FirstClient,
): string {
  const credentials = `-u ${client_id}:${client_secret}`;
  return `The store was empty, so it has a first client now. Its secret is not shown again.

  client_id      ${client_id}
  client_secret  ${client_secret}
  resource       ${resource} (${scope})

Get a token:

  curl ${credentials} -d grant_type=client_credentials ${issuer}${ENDPOINT_PATHS.token_endpoint}

Verify it: in your API, by any JWT library that is told the issuer, the audience ${resource} and the keys
at ${issuer}${ENDPOINT_PATHS.jwks_uri}; or here and now, by introspection:

  curl ${credentials} -d token=TOKEN ${issuer}${ENDPOINT_PATHS.introspection_endpoint}
`;
}
