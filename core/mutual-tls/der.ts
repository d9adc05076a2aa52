/** One element of DER (X.690 §8.1): a tag of one byte, and what it holds. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content, as they stand. */
  readonly encoded: Buffer;
}

/** More bytes of length than this has no certificate. */
const LENGTH_BYTES_MAX = 4;

/** Takes the elements apart that bytes are made of, one after the other; none when they are something else. */
export function readDer(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const element = readFirst(rest);
    if (!element) return [];
    elements.push(element);
    rest = rest.subarray(element.encoded.length);
  }
  return elements;
}

function readFirst(bytes: Buffer): DerElement | undefined {
  const [tag = 0, first] = bytes;
  // Tags of more than one byte stand in no certificate.
  if (first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  if (first === 0x80 || lengthBytes > LENGTH_BYTES_MAX || bytes.length < start) return undefined;
  const end = start + (lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes));
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(start, end), encoded: bytes.subarray(0, end) };
}

/** The elements inside an element; none where there is something else. */
export function childrenOf(element: DerElement | undefined): readonly DerElement[] {
  return element ? readDer(element.content) : [];
}

/** Writes an object identifier as numbers with dots between (RFC 4512 §1.4). */
export function dottedDecimal(content: Buffer): string {
  const numbers: bigint[] = [];
  let number = 0n;
  for (const byte of content) {
    number = (number << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0n;
  }
  // The first two share a number (X.690 §8.19.4).
  const [both = 0n, ...others] = numbers;
  const first = both < 80n ? both / 40n : 2n;
  return [first, both - 40n * first, ...others].join('.');
}
