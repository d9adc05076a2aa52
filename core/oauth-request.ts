import type { FormParameters } from './form.ts';
import type { PresentedCertificate } from './mutual-tls/client-certificate.ts';

/** A form request to an OAuth endpoint, free of how it came. */
export interface OAuthRequest {
  /** The `Authorization` header, as it was sent. */
  readonly authorization: string | undefined;
  /** The `DPoP` header (RFC 9449 §4.1), as it was sent; several of them with commas between. */
  readonly dpop: string | undefined;
  /** The names of the parameters in the request URI: credentials among them are refused (RFC 6749 §2.3.1). */
  readonly queryNames: ReadonlySetLike<string>;
  readonly parameters: FormParameters;
  /** The certificate of the connection; never one that stands in a header. */
  readonly clientCertificate?: PresentedCertificate | undefined;
}
