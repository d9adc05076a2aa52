import { issuerPath } from '../../core/issuer-identifier.ts';
import { ENDPOINT_PATHS } from '../../core/metadata.ts';
import type { FirstClient } from './first-client.ts';

/** What there is to say of an issuer that is ready. */
export interface Welcome {
  readonly issuer: string;
  /** Where it listens: on this machine it answers there, wherever its identifier leads to. */
  readonly url: string;
  readonly folder: string;
  readonly client: FirstClient | undefined;
}

/** What a person reads when the issuer is ready: where it is, and with a first client, how to get a token and to verify it. */
export function welcome({ issuer, url, folder, client }: Welcome): string {
  const base = url + issuerPath(issuer);
  const name = issuer === base ? '' : ` as ${issuer}`;
  const ready = `Signet is ready at ${base}${name} and keeps its data in ${folder}. Ctrl-C ends it.\n`;
  return client ? `${ready}\n${firstToken(issuer, client, base)}` : ready;
}

/** How to get a token with a client that was just made and how to verify it; at another base URL where the issuer's leads elsewhere. */
export function firstToken(issuer: string, client: FirstClient, base = issuer): string {
  const { client_id, client_secret, resource, scope } = client;
  const credentials = `-u ${client_id}:${client_secret}`;
  const checks = `{ issuer: ${JSON.stringify(issuer)}, audience: ${JSON.stringify(resource)} }`;
  return `The store was empty, so it has a first client now. Its secret is not shown again.

  client_id      ${client_id}
  client_secret  ${client_secret}
  resource       ${resource} (${scope})

Get a token:

  curl ${credentials} -d grant_type=client_credentials ${shellQuote(base + ENDPOINT_PATHS.token_endpoint)}

Verify it in your API, by any JWT library; with jose in Node:

  const keys = createRemoteJWKSet(new URL(${JSON.stringify(issuer + ENDPOINT_PATHS.jwks_uri)}));
  const { payload } = await jwtVerify(token, keys, ${checks});

Or here and now, by introspection:

  curl ${credentials} -d token=TOKEN ${shellQuote(base + ENDPOINT_PATHS.introspection_endpoint)}

Resources and clients of your own: npx signet --help
`;
}

/** A URL's path may have characters in it that a shell would act upon. */
function shellQuote(url: string): string {
  return `'${url.replaceAll("'", "'\\''")}'`;
}
