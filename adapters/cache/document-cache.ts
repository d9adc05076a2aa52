import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { REMOTE_DOCUMENT_MAX_AGE_SECONDS, REMOTE_DOCUMENT_RETRY_SECONDS } from '../../core/limits.ts';
import type { JsonDocumentReader } from '../../core/ports/json-document-reader.ts';
import { dropOldest } from './drop-oldest.ts';

/** Each is of a few kilobytes, and there are as many as operators registered. */
const DOCUMENTS_MAX = 500;

/** What was last had of a URL. */
interface Kept {
  /** The last attempt, which all share that ask while it is under way or was a moment ago. */
  attempt: Promise<JsonObject>;
  attemptedAt: number;
  /** The last document that there was. */
  good?: { readonly document: JsonObject; readonly readAt: number };
}

/**
 * Keeps documents for `REMOTE_DOCUMENT_MAX_AGE_SECONDS`. A URL is asked once in `REMOTE_DOCUMENT_RETRY_SECONDS` at most, whatever
 * callers send; that it failed is known for as long, and then a document that is not too old stays good.
 */
export function cachedDocumentReader(
  fetchDocument: (url: string) => Promise<JsonObject>,
  clock: Clock,
): JsonDocumentReader {
  const kept = new Map<string, Kept>();

  async function get(url: string, now: number): Promise<JsonObject> {
    const before = kept.get(url);
    if (before && now - before.attemptedAt < REMOTE_DOCUMENT_RETRY_SECONDS) return before.attempt;
    const entry: Kept = { ...before, attempt: fetchDocument(url), attemptedAt: now };
    kept.delete(url);
    kept.set(url, entry);
    dropOldest(kept, DOCUMENTS_MAX);
    const document = await entry.attempt;
    entry.good = { document, readAt: now };
    return document;
  }

  const goodAt = (url: string, now: number) => {
    const good = kept.get(url)?.good;
    return good && now - good.readAt < REMOTE_DOCUMENT_MAX_AGE_SECONDS ? good.document : undefined;
  };
  return {
    async read(url) {
      const now = clock();
      return goodAt(url, now) ?? get(url, now);
    },
    async reread(url) {
      const now = clock();
      try {
        return await get(url, now);
      } catch (error) {
        const good = goodAt(url, now);
        if (good) return good;
        throw error;
      }
    },
  };
}
