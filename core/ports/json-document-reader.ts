import type { JsonObject } from '../json-object.ts';

/** Reads JSON documents that others publish, such as the keys of a client (RFC 7591 §2, `jwks_uri`). */
export interface JsonDocumentReader {
  /**
   * The document at an https URL, perhaps as it was some minutes ago.
   *
   * @throws DocumentUnavailableError when there is none that may be had
   */
  read(url: string): Promise<JsonObject>;
  /**
   * The same as new as may be, for who misses something in it. Whatever callers ask for, no URL is asked often.
   *
   * @throws DocumentUnavailableError when there is none that may be had
   */
  reread(url: string): Promise<JsonObject>;
}

/** Why a document cannot be had: for the log, never for a caller. */
export class DocumentUnavailableError extends Error {
  override readonly name = 'DocumentUnavailableError';

  constructor(url: string, why: string, cause?: unknown) {
    super(`${url}: ${why}`, { cause });
  }
}
