import { type Command, InvalidArgumentError } from 'commander';
import { type NONE, noneToNull, orNone, parseNonEmpty } from './option-values.ts';

/** The options that say by which certificates a client is known, and whether its tokens are bound to them (RFC 8705). */
export interface CertificateOptions {
  readonly subjectDn?: string;
  readonly sanDns?: string;
  readonly sanUri?: string;
  readonly sanIp?: string;
  readonly sanEmail?: string;
  readonly certificateBound?: true | typeof NONE;
}

/** Gives a command these options. */
export function withCertificateOptions(command: Command): Command {
  const name = (flag: string, meaning: string) =>
    command.option(flag, `${meaning}, for tls_client_auth; or none`, parseNonEmpty);
  name('--subject-dn <dn>', 'the subject of its certificate as RFC 4514 writes it (CN=shop,O=Example)');
  name('--san-dns <name>', 'or the DNS name in its certificate');
  name('--san-uri <uri>', 'or the URI in its certificate');
  name('--san-ip <address>', 'or the IP address in its certificate');
  name('--san-email <address>', 'or the email address in its certificate');
  return command.option(
    '--certificate-bound <yes>',
    'yes to bind its tokens to the certificate that it shows, also when it authenticates otherwise; or none',
    orNone(parseYes),
  );
}

/** What the options say, in the names of RFC 8705 §2.1.2 and §3.4. */
export function toCertificateMetadata(options: CertificateOptions) {
  return {
    tls_client_auth_subject_dn: noneToNull(options.subjectDn),
    tls_client_auth_san_dns: noneToNull(options.sanDns),
    tls_client_auth_san_uri: noneToNull(options.sanUri),
    tls_client_auth_san_ip: noneToNull(options.sanIp),
    tls_client_auth_san_email: noneToNull(options.sanEmail),
    tls_client_certificate_bound_access_tokens: noneToNull(options.certificateBound),
  };
}

function parseYes(text: string): true {
  if (text === 'yes') return true;
  throw new InvalidArgumentError('Write yes or none.');
}
