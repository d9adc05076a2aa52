import { isUtf8 } from 'node:buffer';
import { decodeFormComponent } from '../form.ts';
import { CLIENT_SECRET_MAX_CHARACTERS } from '../limits.ts';
import { OAuthError } from '../oauth-error.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { authenticateBySecret, type PresentedSecret, type Readings } from './presented-secret.ts';
import { clientAuthenticationFailed } from './refusal.ts';

/** The client's id and secret in the `Authorization` header (RFC 6749 §2.3.1, RFC 7617). */
export const clientSecretBasic: ClientAuthenticationMethod = {
  name: 'client_secret_basic',
  isPresented: (request) => request.authorization !== undefined,
  authenticate: (request, ports, record) =>
    authenticateBySecret(parseBasicCredentials(request.authorization), ports, record),
};

/**
 * Reads Basic credentials in both ways that clients write them: form-urlencoded first, as RFC 6749 §2.3.1 asks, and as they
 * stand, as RFC 7617 has it and many do. Where these are the same there is one reading: only the caller's own spelling decides that.
 *
 * @throws OAuthError `invalid_client` on another scheme, `invalid_request` on credentials that cannot be read.
 */
export function parseBasicCredentials(authorization = ''): Readings {
  const [, scheme, credentials] = /^([!#$%&'*+.^_`|~0-9a-z-]+)(?: +(.*))?$/i.exec(authorization) ?? [];
  if (scheme === undefined) throw unreadable();
  if (scheme.toLowerCase() !== 'basic') throw clientAuthenticationFailed('unsupported_method');
  const userPass = decodeBase64(credentials ?? '');
  const colon = userPass.indexOf(':');
  if (colon < 0) throw unreadable();
  const raw = { client_id: userPass.slice(0, colon), client_secret: userPass.slice(colon + 1) };
  const decoded = decodeReading(raw) ?? raw;
  if (decoded.client_secret.length > CLIENT_SECRET_MAX_CHARACTERS) throw unreadable();
  const isOne = decoded.client_id === raw.client_id && decoded.client_secret === raw.client_secret;
  return isOne ? [raw] : [decoded, raw];
}

function decodeReading({ client_id, client_secret }: PresentedSecret): PresentedSecret | undefined {
  const id = decodeFormComponent(client_id);
  const secret = decodeFormComponent(client_secret);
  return id === undefined || secret === undefined ? undefined : { client_id: id, client_secret: secret };
}

function decodeBase64(encoded: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw unreadable();
  const bytes = Buffer.from(encoded, 'base64');
  if (!isUtf8(bytes)) throw unreadable();
  return bytes.toString();
}

function unreadable(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'the Authorization header is not Basic with base64 of client_id, colon, client_secret (RFC 6749 section 2.3.1)',
  );
}
