import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { type ClientId, ClientIdSchema } from '../core/client-id.ts';
import { HostSchema, HttpsUrlSchema } from '../core/federation/https-url.ts';
import { IssuerIdentifierSchema } from '../core/issuer-identifier.ts';
import { ALGS, type Alg } from '../core/jose/algorithms.ts';
import { type KeyId, KeyIdSchema } from '../core/jose/signing-key.ts';
import { KeyRotationPeriodSchema } from '../core/key-rotation-period.ts';
import {
  type InitialAccessTokenId,
  InitialAccessTokenIdSchema,
} from '../core/registration/initial-access-token.ts';
import { type ResourceIdentifier, ResourceIdentifierSchema } from '../core/resource.ts';

/** What takes an option's value away again. */
export const NONE = 'none';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

/** Reads a text that has to be there: an unset variable of a script must not mean the folder one is in, or every address. */
export function parseNonEmpty(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It is empty: write a value, or leave the option out.');
}

/** Reads one of several texts, each of which has to be there. */
export function parseRepeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseNonEmpty(text)];
}

/** Reads a TCP port, 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

/** Reads a whole number. */
export function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no whole number.');
}

/** Reads a duration as seconds: a number with s, m, h or d behind it, or seconds alone. */
export function parseDuration(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS.get(unit || 's') ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('A duration is a number with a unit: 90s, 15m, 1h or 30d.');
}

/** Reads how long keys sign before others follow them. */
export function parseRotationPeriod(text: string): number {
  return parseBy(KeyRotationPeriodSchema, parseDuration(text));
}

/** Reads a value that `none` takes away; not as null yet, for which commander would write an empty text. */
export function orNone<T>(parse: (text: string) => T): (text: string) => T | typeof NONE {
  return (text) => (text === NONE ? NONE : parse(text));
}

/** What `none` means in a change of metadata. */
export function noneToNull<T>(value: T | typeof NONE): T | null {
  return value === NONE ? null : value;
}

/** Reads words with spaces between: scopes, client identifiers. */
export function parseWords(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** Reads a resource and the scopes a client may have there: "https://api.example.com read write"; `none` for no resource. */
export function parseAccess(text: string, before: readonly Access[] = []): readonly Access[] {
  if (text === NONE) return before;
  const [resource, ...scope] = parseWords(text);
  if (resource === undefined)
    throw new InvalidArgumentError('Write the resource, then its scopes with spaces between, or none.');
  return [...before, { resource, scope }];
}

/** A resource and scopes there, as they were written. */
export interface Access {
  readonly resource: string;
  readonly scope: readonly string[];
}

/** Reads JSON: as it is written, or behind an `@` the name of a file that has it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch {
    throw new InvalidArgumentError('It is no JSON, and no @ with the name of a file that has some.');
  }
}

/** Reads an issuer identifier. */
export function parseIssuer(text: string): string {
  return parseBy(IssuerIdentifierSchema, text);
}

/** Reads a subject of another issuer and who that is here: "ISSUER SUBJECT LOCAL_SUBJECT", with an audience behind; or the same as JSON. */
export function parseForeignSubject(
  text: string,
  before: readonly unknown[] | typeof NONE = [],
): readonly unknown[] | typeof NONE {
  if (text === NONE) return NONE;
  const others = before === NONE ? [] : before;
  if (text.startsWith('{')) return [...others, parseJson(text)];
  const [issuer, subject, local_subject, audience, ...rest] = parseWords(text);
  if (local_subject === undefined || rest.length > 0)
    throw new InvalidArgumentError(
      'Write the issuer, the subject, who that is here and, where it has to be, the audience, with spaces between.',
    );
  return [...others, { issuer, subject, local_subject, ...(audience === undefined ? {} : { audience }) }];
}

/** Reads whom a client trusts: "ISSUER SUBJECT", with an audience behind it where it has one of its own; or the same as JSON. */
export function parseTrust(text: string, before: readonly unknown[] = []): readonly unknown[] {
  if (text.startsWith('{')) return [...before, parseJson(text)];
  const [issuer, subject, audience, ...rest] = parseWords(text);
  if (subject === undefined || rest.length > 0)
    throw new InvalidArgumentError(
      'Write the issuer, the subject and, where it has to be, the audience, with spaces between.',
    );
  return [...before, { issuer, subject, ...(audience === undefined ? {} : { audience }) }];
}

/** Reads hosts with commas between. */
export function parseHosts(text: string): readonly string[] {
  return text.split(',').map((host) => parseBy(HostSchema, host));
}

/** Reads a URL to fetch from. */
export function parseHttpsUrl(text: string): string {
  return parseBy(HttpsUrlSchema, text);
}

/** Reads a client identifier. */
export function parseClientId(text: string): ClientId {
  return parseBy(ClientIdSchema, text);
}

/** Reads the kid of a signing key, a thumbprint. */
export function parseKeyId(text: string): KeyId {
  const thumbprint = v.regex<string, string>(
    /^[\w-]{43}$/,
    'a kid has 43 characters: signet keys list shows it',
  );
  return parseBy(v.pipe(v.string(), thumbprint, KeyIdSchema), text);
}

/** Reads a resource identifier. */
export function parseResource(text: string): ResourceIdentifier {
  return parseBy(ResourceIdentifierSchema, text);
}

/** Reads what an initial access token is kept under. */
export function parseInitialAccessTokenId(text: string): InitialAccessTokenId {
  return parseBy(InitialAccessTokenIdSchema, text);
}

function parseBy<Input, Output>(schema: v.GenericSchema<Input, Output>, input: Input): Output {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const { message } = parsed.issues[0];
  throw new InvalidArgumentError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
}

/** Reads a list of signing algorithms, the default first. */
export function parseAlgs(text: string): readonly [Alg, ...Alg[]] {
  const parsed = v.safeParse(v.tupleWithRest([v.picklist(ALGS)], v.picklist(ALGS)), text.split(','));
  if (parsed.success && new Set(parsed.output).size === parsed.output.length) return parsed.output;
  throw new InvalidArgumentError(
    `The algorithms are ${ALGS.join(', ')}; write several with commas between, each once.`,
  );
}
