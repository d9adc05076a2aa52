/** The weight of a range (RFC 9110 §12.4.2). */
const QVALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** From the most specific to the least (RFC 9110 §12.5.1). */
const JSON_RANGES = ['application/json', 'application/*', '*/*'];

/**
 * Tells whether an `Accept` header asks for a media type rather than for JSON (RFC 9110 §12.5.1).
 *
 * It has to name it: whoever takes anything gets JSON. What is not of the header's grammar counts as not there.
 */
export function prefersToJson(accept: string | undefined, mediaType: string): boolean {
  if (accept === undefined) return false;
  const weights = weightsOf(accept);
  const asked = weights.get(mediaType) ?? 0;
  const json = JSON_RANGES.map((range) => weights.get(range)).find((weight) => weight !== undefined) ?? 0;
  return asked > 0 && asked >= json;
}

/** The ranges of a header, in lower case, each with its weight: the greatest where it stands more than once. */
function weightsOf(accept: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const element of accept.toLowerCase().split(',')) {
    const [range = '', ...parameters] = element.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    if (QVALUE.test(q)) weights.set(range, Math.max(Number(q), weights.get(range) ?? 0));
  }
  return weights;
}
