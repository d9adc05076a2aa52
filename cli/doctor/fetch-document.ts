import { isJsonObject, type JsonObject } from '../../core/json-object.ts';
import type { Fault } from './check.ts';

const TIMEOUT_MILLISECONDS = 10_000;

/** A public document of the issuer. */
export interface FetchedDocument {
  readonly document: JsonObject;
  /** When it was fetched, in seconds, by the clock of who answered; absent when that tells no time. */
  readonly answeredAt: number | undefined;
}

/** Fetches a document of the issuer as anyone does, from whatever host its name leads to. */
export async function fetchDocument(url: string): Promise<FetchedDocument | Fault> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const response = await fetch(url, { redirect: 'manual', signal });
    if (response.status !== 200) return unreachable(`${url} answers ${response.status}`);
    const document: unknown = await response.json().catch(() => undefined);
    if (!isJsonObject(document)) return unreachable(`${url} answers no JSON object`);
    return { document, answeredAt: timeOf(response.headers) };
  } catch (error) {
    return unreachable(`${url} does not answer: ${causeOf(error)}`);
  }
}

function unreachable(found: string): Fault {
  return {
    found,
    mend: 'see that the name of the issuer leads to the API of the stack, and what its function logs: aws logs tail shows it',
  };
}

/** A cache has the time of the answer that it kept, and how long ago that was (RFC 9111 §5.1). */
function timeOf(headers: Headers): number | undefined {
  const milliseconds = Date.parse(headers.get('Date') ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000 + Number(headers.get('Age') ?? 0);
}

/** Why a fetch failed stands in its cause, in the code when there are several addresses. */
function causeOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : { message: String(error) };
  if (!(cause instanceof Error)) return message;
  return cause.message || ('code' in cause ? String(cause.code) : message);
}
