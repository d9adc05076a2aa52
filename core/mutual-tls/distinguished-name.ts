import { isUtf8 } from 'node:buffer';
import { childrenOf, type DerElement, dottedDecimal, readDer } from './der.ts';

/** The attribute types that a name may be written with (RFC 4514 §3), and those that certificates have beside them. */
const ATTRIBUTE_TYPES: ReadonlyMap<string, string> = new Map([
  ['cn', '2.5.4.3'],
  ['sn', '2.5.4.4'],
  ['serialnumber', '2.5.4.5'],
  ['c', '2.5.4.6'],
  ['l', '2.5.4.7'],
  ['st', '2.5.4.8'],
  ['street', '2.5.4.9'],
  ['o', '2.5.4.10'],
  ['ou', '2.5.4.11'],
  ['title', '2.5.4.12'],
  ['businesscategory', '2.5.4.15'],
  ['givenname', '2.5.4.42'],
  ['organizationidentifier', '2.5.4.97'],
  ['dc', '0.9.2342.19200300.100.1.25'],
  ['uid', '0.9.2342.19200300.100.1.1'],
  ['emailaddress', '1.2.840.113549.1.9.1'],
]);

/** A character of a value, or a pair that stands for one (RFC 4514 §3): a bare space may only stand between two of them. */
const CHARACTER = String.raw`(?:[^\0 "+,;<>\\]|\\(?:[ "#+,;<=>\\]|[0-9a-f]{2}))`;
const TEXT = `(?!#)${CHARACTER}(?: *${CHARACTER})*`;
const TYPE = String.raw`[a-z][a-z0-9-]*|(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+`;
const ATTRIBUTE = new RegExp(`^ *(${TYPE})=(?:#((?:[0-9a-f]{2})+)|(${TEXT})?)([+,]|$)`, 'i');

/**
 * Reads a distinguished name from the text of RFC 4514 into one that is the same for every text of the name: whatever the case of
 * its types, its escapes, and the order inside a part that has several attributes. Values keep their case.
 *
 * @returns undefined when it is none
 */
export function parseDistinguishedName(text: string): string | undefined {
  const parts: string[][] = [];
  let part: string[] = [];
  let rest = text;
  let separator: string | undefined;
  do {
    const [whole = '', type = '', hex, value, next] = ATTRIBUTE.exec(rest) ?? [];
    const oid = type.includes('.') ? type : ATTRIBUTE_TYPES.get(type.toLowerCase());
    const parsed = hex === undefined ? parseText(value) : parseHex(hex);
    if (oid === undefined || parsed === undefined) return undefined;
    part.push(`${oid}=${parsed}`);
    separator = next;
    if (separator !== '+') {
      parts.push(part);
      part = [];
    }
    rest = rest.slice(whole.length);
  } while (separator !== '');
  return comparable(parts);
}

/** Reads the name in a certificate (RFC 5280 §4.1.2.4) into what `parseDistinguishedName` makes of its text. */
export function readDistinguishedName(name: DerElement | undefined): string {
  const parts = childrenOf(name).map((part) => childrenOf(part).map(readAttribute));
  // The text has the last part first (RFC 4514 §2.1).
  return comparable(parts.reverse());
}

function comparable(parts: readonly (readonly string[])[]): string {
  return JSON.stringify(parts.map((part) => part.toSorted()));
}

function readAttribute(attribute: DerElement): string {
  const [type, value] = childrenOf(attribute);
  return type && value ? `${dottedDecimal(type.content)}=${readValue(value)}` : '';
}

/** The types of text that certificates have (RFC 5280 §4.1.2.4) all say the same; anything else is compared by its bytes. */
function readValue({ tag, content, encoded }: DerElement): string {
  if (UTF8_TAGS.has(tag) && isUtf8(content)) return quoted(content.toString());
  if (tag === BMP_STRING && content.length % 2 === 0)
    return quoted(Buffer.from(content).swap16().toString('utf16le'));
  return `#${encoded.toString('hex')}`;
}

/** UTF8String, PrintableString and IA5String. */
const UTF8_TAGS = new Set([0x0c, 0x13, 0x16]);
const BMP_STRING = 0x1e;

function parseHex(hex: string): string | undefined {
  const [value, ...others] = readDer(Buffer.from(hex, 'hex'));
  return value && others.length === 0 ? readValue(value) : undefined;
}

function parseText(text = ''): string | undefined {
  const pieces = text.matchAll(/\\([0-9a-f]{2})|\\(.)|([^\\]+)/gi);
  const bytes = pieces.map(([, hex = '', escaped = '', plain = '']) =>
    Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(escaped + plain)]),
  );
  const value = Buffer.concat([...bytes]);
  return isUtf8(value) ? quoted(value.toString()) : undefined;
}

/** So that no text can be taken for bytes. */
function quoted(text: string): string {
  return `"${text}`;
}
