/** The characters of an http URI without user information, percent-encoded where they have to be (RFC 3986 §2, RFC 9110 §4.2). */
const HTTP_URI =
  /^https?:\/\/[\w.~:[\]!$&'()*+,;=%-]+(?:[/?#](?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\da-f]{2})*)?$/i;

/**
 * Writes an http URI as all that are the same are written (RFC 3986 §6.2.2, §6.2.3), without its query and fragment; undefined
 * when it is none.
 */
export function normalizeHttpUri(uri: string): string | undefined {
  // `URL` repairs what is broken, and no two parties repair alike: what comes here has to be whole.
  if (!HTTP_URI.test(uri) || !URL.canParse(uri)) return undefined;
  const { origin, pathname } = new URL(uri);
  return origin + pathname.replaceAll(/%[\da-f]{2}/gi, normalizeEscape);
}

/** What need not be escaped is not (RFC 3986 §6.2.2.2), and of the rest the digits are capitals (§6.2.2.1). */
function normalizeEscape(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
}
