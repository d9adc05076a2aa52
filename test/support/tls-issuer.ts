import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commonName, makeCertificate, type TestCertificate } from './certificates.ts';
import { type ClientCertificates, clientCertificates } from './client-certificates.ts';

/** Files in PEM for an issuer that speaks TLS, and the certificates that its clients have. */
export interface TlsFiles {
  readonly certificates: ClientCertificates;
  /** The certificate of the issuer, for the loopback address. */
  readonly server: TestCertificate;
  /** The options of `signet serve` that name its own certificate. */
  readonly serverArgs: readonly string[];
  /** Those, and the CA that it trusts. */
  readonly mutualArgs: readonly string[];
  /** The self-signed certificates of clients. */
  readonly selfSigned: string;
  readonly otherSelfSigned: string;
}

/** Writes such files into a folder; the certificates are good now. */
export async function writeTlsFiles(folder: string): Promise<TlsFiles> {
  const now = Math.floor(Date.now() / 1000);
  const certificates = clientCertificates(now);
  const server = makeCertificate({
    subject: commonName('issuer'),
    issuer: certificates.ca,
    notBefore: now - 60,
    notAfter: now + 3_600,
    alternativeNames: [[0x87, Buffer.from([127, 0, 0, 1])]],
  });
  const write = async (name: string, pem: string) => {
    const path = join(folder, name);
    await writeFile(path, pem);
    return path;
  };
  const serverArgs = [
    ...['--tls-cert', await write('server.pem', server.cert)],
    ...['--tls-key', await write('server-key.pem', server.key)],
  ];
  return {
    certificates,
    server,
    serverArgs,
    mutualArgs: [...serverArgs, '--tls-client-ca', await write('ca.pem', certificates.ca.cert)],
    selfSigned: await write('self-signed.pem', certificates.selfSigned.cert),
    otherSelfSigned: await write('other-self-signed.pem', certificates.otherSelfSigned.cert),
  };
}

/** What a client's TLS takes: the CA of the issuer, and the certificate to show, if any. */
export function clientTls(
  { ca }: Pick<ClientCertificates, 'ca'>,
  certificate?: TestCertificate,
): { readonly ca: string; readonly cert?: string; readonly key?: string } {
  return { ca: ca.cert, ...(certificate ? { cert: certificate.cert, key: certificate.key } : {}) };
}
