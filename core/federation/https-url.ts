import * as v from 'valibot';
import { URL_MAX_CHARACTERS } from '../limits.ts';

/** A URL that the issuer asks by itself. What it leads to is looked at when it is asked, for names change their addresses. */
export const HttpsUrlSchema = v.pipe(
  v.string(),
  v.maxLength(URL_MAX_CHARACTERS, `a URL has at most ${URL_MAX_CHARACTERS} characters`),
  v.check(
    isHttpsUrl,
    'it is an https URL without user and fragment, such as https://shop.example.com/jwks.json',
  ),
);

/** A host as URLs have it, without its port. */
export const HostSchema = v.pipe(
  v.string(),
  v.check(isHost, 'a host is a name or an address as URLs have it, without port, such as issuer.internal'),
);

function isHost(value: string): boolean {
  // A wildcard would be taken for a name, and match nothing.
  return (
    /^[\w.:[\]-]+$/.test(value) &&
    URL.canParse(`https://${value}`) &&
    new URL(`https://${value}`).hostname === value
  );
}

function isHttpsUrl(value: string): boolean {
  // What a URL parser would drop or rewrite is refused, so that everyone reads the same host.
  if (!/^https:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const { username, password, hash } = new URL(value);
  return username === '' && password === '' && hash === '' && !value.includes('#');
}
