/** The URL at which an issuer listens, in the one spelling that URLs have: in lower case, and without the port that is the scheme's own. */
export function listeningUrl(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  return new URL(`${scheme}://${urlHost(host)}:${port}`).origin;
}

/** An address that means all of them is none to send clients to. */
function urlHost(host: string): string {
  if (['0.0.0.0', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
