import { constants, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import type { Command } from 'commander';
import { OAuthError } from '../../core/oauth-error.ts';
import { NONE, parseNonEmpty } from '../option-values.ts';

/** The options of an issuer that speaks TLS itself: the files that it needs. */
export interface TlsFiles {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
}

/** Gives the command the options of TLS. */
export function withTlsOptions(command: Command): Command {
  return command
    .option('--tls-cert <file>', 'speak TLS, with this certificate and its chain in PEM', parseNonEmpty)
    .option('--tls-key <file>', 'and with its private key in PEM', parseNonEmpty)
    .option(
      '--tls-client-ca <file>',
      'ask clients for certificates (mutual TLS), and trust those of the CAs in this file for tls_client_auth; none for self-signed ones only',
      parseNonEmpty,
    );
}

/**
 * What the server needs to speak TLS; undefined when it does not.
 *
 * @throws OAuthError `invalid_request` when options or files are missing, or the files do not belong together
 */
export function toTlsOptions({ tlsCert, tlsKey, tlsClientCa }: TlsFiles): TlsOptions | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new OAuthError('invalid_request', 'TLS needs both --tls-cert and --tls-key');
  }
  // Without CAs of one's own node would trust all that browsers do.
  const ca = tlsClientCa === undefined || tlsClientCa === NONE ? [] : [readPem(tlsClientCa)];
  const context: SecureContextOptions = {
    cert: readPem(tlsCert),
    key: readPem(tlsKey),
    ca,
    minVersion: 'TLSv1.2',
    // A second handshake could bring another certificate, which nothing would verify.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  };
  try {
    createSecureContext(context);
    // Which takes a file without a certificate, and then trusts nobody.
    ca.forEach(requireCertificate);
  } catch (cause) {
    const why =
      '--tls-cert and --tls-key, or --tls-client-ca, cannot be used: write files in PEM that belong together';
    throw new OAuthError('invalid_request', why, { cause });
  }
  // Asked for and not demanded: other clients authenticate by secret, and self-signed certificates count by themselves.
  return { ...context, requestCert: tlsClientCa !== undefined, rejectUnauthorized: false };
}

function requireCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OAuthError('invalid_request', `there is no file ${file} to read`, { cause });
  }
}
