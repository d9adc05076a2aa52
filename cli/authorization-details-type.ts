import { InvalidArgumentError } from 'commander';
import { NONE, parseJson } from './option-values.ts';

/** A type of authorization details and its schema, as they were written. */
export interface DetailsType {
  readonly type: string;
  readonly schema: unknown;
}

/** Reads a type of authorization details with its JSON Schema: "payment @payment.json"; `none` for no type. */
export function parseDetailsType(text: string, before: readonly DetailsType[] = []): readonly DetailsType[] {
  if (text === NONE) return before;
  const [, type, schema] = /^(\S+) +(.+)$/s.exec(text) ?? [];
  if (type !== undefined && schema !== undefined) return [...before, { type, schema: parseJson(schema) }];
  throw new InvalidArgumentError(
    'Write the type, a space, and its JSON Schema or @ with the name of a file.',
  );
}
