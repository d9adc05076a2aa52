import * as v from 'valibot';
import { CERTIFICATE_NAME_MAX_CHARACTERS } from '../limits.ts';
import { canonicalIpAddress } from './client-certificate.ts';
import { parseDistinguishedName } from './distinguished-name.ts';

const BoundedSchema = v.pipe(
  v.string(),
  v.maxLength(
    CERTIFICATE_NAME_MAX_CHARACTERS,
    `a name in a certificate has at most ${CERTIFICATE_NAME_MAX_CHARACTERS} characters`,
  ),
);
const NameSchema = v.pipe(
  BoundedSchema,
  v.regex(/^[\x21-\x7e]+$/, 'a name in a certificate is printable ASCII without spaces'),
);

/** The names by which `tls_client_auth` knows a client's certificate: such a client has exactly one (RFC 8705 §2.1.2). */
export const CERTIFICATE_NAMES = {
  tls_client_auth_subject_dn: v.exactOptional(
    v.pipe(
      BoundedSchema,
      v.check(
        (text) => parseDistinguishedName(text) !== undefined,
        'a subject is written as RFC 4514 has it, such as CN=orders,O=Example,C=DE',
      ),
    ),
  ),
  tls_client_auth_san_dns: v.exactOptional(NameSchema),
  tls_client_auth_san_uri: v.exactOptional(NameSchema),
  tls_client_auth_san_ip: v.exactOptional(
    v.pipe(
      NameSchema,
      v.check((text) => canonicalIpAddress(text) !== undefined, 'it is no IP address'),
    ),
  ),
  tls_client_auth_san_email: v.exactOptional(NameSchema),
};
