import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { OAuthRequest } from '../oauth-request.ts';
import type { JsonDocumentReader } from '../ports/json-document-reader.ts';
import type { ClientReader } from '../ports/record-store.ts';
import type { ReplayStore } from '../ports/replay-store.ts';
import type { SecretDerivation } from '../ports/secret-derivation.ts';
import type { RequestRecord } from '../request-record.ts';
import type { CLIENT_AUTHENTICATION_METHODS } from './method-names.ts';

/** What the methods need of the issuer. */
export interface ClientAuthenticationPorts {
  /** The issuer identifier, which assertions have to be for. */
  readonly identifier: string;
  /** What they may be for instead. */
  readonly assertionAudience?: string | undefined;
  readonly clients: ClientReader;
  readonly replays: ReplayStore;
  /** What clients publish of themselves. */
  readonly documents: JsonDocumentReader;
  /** Where there is none, there is no `client_secret_jwt`. */
  readonly secretDerivation?: SecretDerivation | undefined;
  readonly clock: Clock;
}

/** One way in which a client proves who it is (RFC 6749 §2.3): one file each, and a row in the table. */
export interface ClientAuthenticationMethod {
  /** Its name in the registry of token endpoint authentication methods (RFC 7591 §4.2). */
  readonly name: (typeof CLIENT_AUTHENTICATION_METHODS)[number];
  /** Tells whether the request carries credentials of this method, good or bad. */
  isPresented(request: OAuthRequest): boolean;
  /**
   * Finds the client and checks what it presented.
   *
   * @throws OAuthError `invalid_client` on any failure, `invalid_request` when the credentials cannot even be read.
   */
  authenticate(
    request: OAuthRequest,
    ports: ClientAuthenticationPorts,
    record: RequestRecord,
  ): Promise<Client>;
}
