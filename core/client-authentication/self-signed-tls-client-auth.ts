import { certificateThumbprint } from '../mutual-tls/client-certificate.ts';
import type { RefuseCertificate } from './mutual-tls.ts';

/** A certificate that is registered itself, with a key of the client's `jwks` (RFC 8705 §2.2): who signed it is no matter. */
export const refuseSelfSigned: RefuseCertificate = ({ der }, { jwks }) => {
  const presented = certificateThumbprint(der);
  return jwks?.keys.some((key) => key['x5t#S256'] === presented) ? undefined : 'wrong_certificate';
};
