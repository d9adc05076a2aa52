import { isJsonObject, type JsonObject, UNSAFE_NAMES } from './json-object.ts';
import { REGISTRATION_MAX_LEVELS } from './limits.ts';
import { OAuthError } from './oauth-error.ts';

/** What a JSON text is made of, as far as its form goes; in a text that is JSON, a string before a colon is a name. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/gs;

/**
 * Reads a JSON object (RFC 8259) that says everything once, in whole characters, and not too deep.
 *
 * @throws OAuthError `invalid_request`, without a word of the text: it has secrets in it
 */
export function parseJsonDocument(text: string): JsonObject {
  const value = parse(text);
  requireForm(text);
  if (isJsonObject(value)) return value;
  throw malformed('the body is no JSON object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not as the cause: the message of the error has some of the text in it, and a cause is logged.
    throw malformed('the body is no JSON (RFC 8259)');
  }
}

/** `JSON.parse` keeps the last of two members of one name, where another reader keeps the first (RFC 8259 §4). */
function requireForm(text: string): void {
  const names: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(TOKENS)) {
    if (string !== undefined)
      requireString(JSON.parse(string), colon === undefined ? undefined : names.at(-1));
    else if (token === '{' || token === '[') names.push(new Set());
    else names.pop();
    if (names.length > REGISTRATION_MAX_LEVELS) {
      throw malformed(`the body is more than ${REGISTRATION_MAX_LEVELS} levels deep`);
    }
  }
}

function requireString(string: string, names: Set<string> | undefined): void {
  if (!string.isWellFormed()) throw malformed('the body has half a Unicode character');
  if (names === undefined) return;
  if (UNSAFE_NAMES.has(string)) throw malformed('a member of the body has a name that is none');
  if (names.has(string)) throw malformed('a member stands in the body more than once');
  names.add(string);
}

function malformed(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
