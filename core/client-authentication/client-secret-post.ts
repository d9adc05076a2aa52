import { CLIENT_SECRET_MAX_CHARACTERS } from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { authenticateBySecret } from './presented-secret.ts';

/** The client's id and secret in the request body (RFC 6749 §2.3.1). */
export const clientSecretPost: ClientAuthenticationMethod = {
  name: 'client_secret_post',
  isPresented: (request) => request.parameters.get('client_secret') !== undefined,
  authenticate: (request, ports, record) => {
    const client_id = request.parameters.get('client_id');
    const client_secret = request.parameters.get('client_secret');
    if (client_id === undefined || client_secret === undefined) {
      throw new OAuthError('invalid_request', 'client_secret stands in the body without a client_id');
    }
    if (client_secret.length > CLIENT_SECRET_MAX_CHARACTERS) {
      throw new OAuthError(
        'invalid_request',
        `client_secret has more than ${CLIENT_SECRET_MAX_CHARACTERS} characters`,
      );
    }
    return authenticateBySecret([{ client_id, client_secret }], ports, record);
  },
};
