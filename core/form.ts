import { FORM_PARAMETERS_MAX } from './limits.ts';
import { OAuthError } from './oauth-error.ts';

/** RFC 8707 §2 lets `resource` repeat; its older alias follows it. Nothing else may (RFC 6749 §3.2). */
const REPEATABLE = new Set(['resource', 'audience']);

/** The parameters of a form body. Those sent without a value are as if they were omitted (RFC 6749 §3.2). */
export class FormParameters {
  readonly #values = new Map<string, string[]>();

  /** The value of a parameter that stands once. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** Every value of a parameter that may repeat, in order. */
  getAll(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  add(name: string, value: string): void {
    const values = this.#values.get(name);
    if (!values) this.#values.set(name, [value]);
    else if (REPEATABLE.has(name)) values.push(value);
    else
      throw new OAuthError(
        'invalid_request',
        'a parameter stands in the body more than once (RFC 6749 section 3.2)',
      );
  }
}

/**
 * The value of a parameter that a request has to have.
 *
 * @throws OAuthError `invalid_request`, naming the section that asks for it
 */
export function requireParameter(parameters: FormParameters, name: string, section: string): string {
  const value = parameters.get(name);
  if (value !== undefined) return value;
  throw new OAuthError('invalid_request', `${name} is missing from the body (${section})`);
}

/**
 * Reads an `application/x-www-form-urlencoded` body (RFC 6749 Appendix B).
 *
 * @throws OAuthError `invalid_request` on broken percent-encoding, bytes that are not UTF-8, NUL, and repeated or too many parameters.
 */
export function parseForm(body: string): FormParameters {
  const parameters = new FormParameters();
  const pairs = body.split('&', FORM_PARAMETERS_MAX + 1);
  if (pairs.length > FORM_PARAMETERS_MAX) {
    throw new OAuthError('invalid_request', `the body has more than ${FORM_PARAMETERS_MAX} parameters`);
  }
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decodeParameter(equals < 0 ? pair : pair.slice(0, equals));
    const value = decodeParameter(equals < 0 ? '' : pair.slice(equals + 1));
    if (name !== '' && value !== '') parameters.add(name, value);
  }
  return parameters;
}

function decodeParameter(encoded: string): string {
  const decoded = decodeFormComponent(encoded);
  if (decoded === undefined) {
    throw new OAuthError(
      'invalid_request',
      'the body has broken percent-encoding or is not UTF-8 (RFC 6749 Appendix B)',
    );
  }
  if (decoded.includes('\0')) throw new OAuthError('invalid_request', 'the body has a NUL byte');
  return decoded;
}

/** Decodes one form-urlencoded name or value; undefined when it is not validly encoded UTF-8. */
export function decodeFormComponent(encoded: string): string | undefined {
  const spaced = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
