import type { Client } from '../client.ts';
import {
  type ClientCertificate,
  canonicalIpAddress,
  isSelfSigned,
} from '../mutual-tls/client-certificate.ts';
import { parseDistinguishedName } from '../mutual-tls/distinguished-name.ts';
import type { RefuseCertificate } from './mutual-tls.ts';

/**
 * A certificate of a CA that TLS trusts, with the name that the client is registered with (RFC 8705 §2.1).
 *
 * One that signed itself is of no CA, also where the trust store has it for another client: its owner wrote what it liked there.
 */
export const refuseCertified: RefuseCertificate = (certificate, client) => {
  if (!certificate.trusted) return 'certificate_not_trusted';
  if (!hasName(certificate, client)) return 'wrong_certificate';
  return isSelfSigned(certificate) ? 'certificate_not_trusted' : undefined;
};

/** By the one name that the client is registered with (RFC 8705 §2.1.2): a name of another kind never counts. */
function hasName({ subject, alternativeNames }: ClientCertificate, client: Client): boolean {
  const { dns, uri, ip, email } = alternativeNames;
  const {
    tls_client_auth_subject_dn: registeredSubject,
    tls_client_auth_san_dns: registeredDns,
    tls_client_auth_san_uri: registeredUri,
    tls_client_auth_san_ip: registeredIp,
    tls_client_auth_san_email: registeredEmail,
  } = client;
  if (registeredSubject !== undefined) return subject === parseDistinguishedName(registeredSubject);
  if (registeredDns !== undefined) return dns.includes(registeredDns.toLowerCase());
  if (registeredUri !== undefined) return uri.includes(registeredUri);
  if (registeredIp !== undefined) return ip.some((address) => address === canonicalIpAddress(registeredIp));
  return registeredEmail !== undefined && email.includes(registeredEmail);
}
