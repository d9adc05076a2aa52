/** A JSON object, nothing of it checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Names that mean something to JavaScript: not every reader of JSON is safe from members that are called so. */
export const UNSAFE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Tells a JSON object from every other JSON value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
