const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Lengths from here on take bytes of their own; no integer of a signature on the curves of JOSE's table has one. */
const LONG_LENGTH = 0x80;
/** Says that the length is in the one byte that follows, as it is of most signatures on P-521. */
const LENGTH_IN_NEXT_BYTE = 0x81;

/**
 * Makes of an ECDSA signature in DER, as KMS answers it (RFC 3279 §2.2.3), that of JOSE: R and S one after the other, each as
 * long as the curve's coordinates (RFC 7518 §3.4).
 *
 * @throws Error when the bytes are no such signature
 */
export function joseSignature(der: Uint8Array, coordinateBytes: number): Uint8Array {
  const [r, afterR] = readInteger(der, contentStart(der));
  const [s, afterS] = readInteger(der, afterR);
  if (afterS !== der.length) throw malformed();
  return Buffer.concat([padded(r, coordinateBytes), padded(s, coordinateBytes)]);
}

function contentStart(der: Uint8Array): number {
  const [tag, first = LONG_LENGTH, second = 0] = der;
  const isLong = first === LENGTH_IN_NEXT_BYTE;
  const [start, length] = isLong ? [3, second] : [2, first];
  // DER writes each length in the shortest way.
  if (tag !== SEQUENCE || length >= LONG_LENGTH !== isLong || der.length !== start + length)
    throw malformed();
  return start;
}

function readInteger(der: Uint8Array, start: number): readonly [Uint8Array, number] {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  if (der[start] !== INTEGER || length === 0 || length >= LONG_LENGTH || end > der.length) throw malformed();
  return [der.subarray(start + 2, end), end];
}

/** DER writes an integer as short as it can be, with a zero before one that would else read as negative. */
function padded(integer: Uint8Array, coordinateBytes: number): Uint8Array {
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer;
  if (magnitude.length > coordinateBytes) throw malformed();
  const coordinate = Buffer.alloc(coordinateBytes);
  coordinate.set(magnitude, coordinateBytes - magnitude.length);
  return coordinate;
}

function malformed(): Error {
  return new Error('the bytes are no ECDSA signature in DER for this curve');
}
