import { requestedAuthorizationDetails } from '../authorization-details/authorization-details.ts';
import { CLIENT_CREDENTIALS } from '../grant-types.ts';
import type { Grant } from './grant.ts';
import { givenScope, grantScope } from './granted-scope.ts';

/** The client credentials grant (RFC 6749 §4.4): the client asks for itself, within what it was given. */
export const clientCredentials = {
  grant_type: CLIENT_CREDENTIALS,
  accessOf: (client) => client,
  authorize(client, resources, parameters) {
    const allowedAt = (resource: (typeof resources)[number]) => givenScope(client.resources, resource);
    const scope = grantScope(resources, parameters.get('scope'), allowedAt);
    return { client, resources, scope, ...requestedAuthorizationDetails(parameters, client, resources) };
  },
} satisfies Grant;
