import * as v from 'valibot';

/** An issuer identifier (RFC 8414 §2): the URL that tokens carry as `iss`, compared character by character, so in one spelling only. */
export const IssuerIdentifierSchema = v.pipe(
  v.string(),
  v.check(
    isIssuerIdentifier,
    'an issuer is an https URL (http for tests) without user, query, fragment and trailing slash, such as https://auth.example.com',
  ),
);

function isIssuerIdentifier(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, origin, pathname } = new URL(value);
  const path = pathname === '/' ? '' : pathname;
  return ['http:', 'https:'].includes(protocol) && value === origin + path && !path.endsWith('/');
}

/** The path of an issuer identifier, empty when it has none: its endpoints are behind it. */
export function issuerPath(identifier: string): string {
  const { pathname } = new URL(identifier);
  return pathname === '/' ? '' : pathname;
}
